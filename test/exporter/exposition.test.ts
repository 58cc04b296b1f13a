import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { parseSample } from "../../src/exporter/exposition.ts";

describe("parseSample", () => {
  it.each([
    { name: "no labels", line: "vault_expire_num_leases 7", labels: {}, value: 7 },
    { name: "empty braces", line: "a{} 7", labels: {}, value: 7 },
    { name: "labels", line: `a{b="c",d="e"} 7`, labels: { b: "c", d: "e" }, value: 7 },
    { name: "a comma behind the last label", line: `a{b="c",} 7`, labels: { b: "c" }, value: 7 },
    {
      name: "a brace, a quote, a backslash and a line's end in a label",
      line: String.raw`a{b="}\"{\\\n",c=""} 7`,
      labels: { b: `}"{\\\n`, c: "" },
      value: 7,
    },
    { name: "a timestamp behind the value", line: "a 7 1700000000000", labels: {}, value: 7 },
    { name: "a float in Go's form", line: "a 1.6777216e+07", labels: {}, value: 16_777_216 },
    { name: "infinity in Go's form", line: `a{le="+Inf"} +Inf`, labels: { le: "+Inf" }, value: Infinity },
    { name: "the other infinity", line: "a -Inf", labels: {}, value: -Infinity },
    { name: "the end of a line as on Windows", line: "a 7\r", labels: {}, value: 7 },
  ])("reads a sample with $name", ({ line, labels, value }) => {
    expect(parseSample(line)).toMatchObject({ labels, value });
  });

  it.each([
    { name: "a comment", line: "# HELP vault_expire_num_leases vault_expire_num_leases" },
    { name: "NaN", line: "vault_expire_num_leases NaN" },
    { name: "a value that is no number", line: "a seven" },
    { name: "a line that was cut off", line: "vault_expire_num_leases" },
    { name: "labels that were cut off", line: `a{b="c` },
    { name: "an empty line", line: "" },
  ])("finds nothing in $name", ({ line }) => {
    expect(parseSample(line)).toBeUndefined();
  });

  it("ends without throwing on any text", () => {
    const part = fc.oneof(fc.string(), fc.constantFrom("a", " ", "{", "}", "=", '"', "\\", ",", "1"));
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        expect(parseSample(parts.join(""))?.value).not.toBeNaN();
      }),
    );
  });
});
