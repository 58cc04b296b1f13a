import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { findSamples } from "../../src/exporter/exposition.ts";

describe("findSamples", () => {
  it.each([
    { name: "Vault's own prefix", page: "vault_expire_num_leases 7\n", value: 7 },
    { name: "another prefix of OpenBao", page: "bao_prod_expire_num_leases 7\n", value: 7 },
    { name: "no newline at the end", page: "a 1\nvault_expire_num_leases 7", value: 7 },
    { name: "labels, with a brace and a quote in their text", page: `x_num_leases{a="}\\"{",b=""} 7\n`, value: 7 },
    { name: "a timestamp behind the value", page: "vault_expire_num_leases 7 1700000000000\n", value: 7 },
    { name: "a float in Go's form", page: "vault_expire_num_leases 1.6777216e+07\n", value: 16_777_216 },
    { name: "lines that end as on Windows", page: "vault_expire_num_leases 7\r\n", value: 7 },
  ])("reads a value: $name", ({ page, value }) => {
    expect(findSamples(page, "_num_leases").map((sample) => sample.value)).toEqual([value]);
  });

  it.each([
    { name: "a comment", page: "# HELP vault_expire_num_leases vault_expire_num_leases\n" },
    { name: "a longer name", page: "vault_expire_num_leases_max 7\n" },
    { name: "the text of a label", page: `vault_other{name="x_num_leases"} 7\n` },
    { name: "a value that is not a number", page: "vault_expire_num_leases NaN\n" },
    { name: "a line that was cut off", page: "vault_expire_num_leases" },
    { name: "no page at all", page: "" },
  ])("finds nothing in $name", ({ page }) => {
    expect(findSamples(page, "_num_leases")).toEqual([]);
  });

  it("finds every line of a name, one after the other", () => {
    const page = `a_num_leases{n="1"} 1\nb 5\na_num_leases{n="2"} 2\n`;

    expect(findSamples(page, "_num_leases")).toEqual([
      { name: "a_num_leases", value: 1 },
      { name: "a_num_leases", value: 2 },
    ]);
  });

  it("ends without throwing on any text", () => {
    const text = fc.array(fc.oneof(fc.string(), fc.constantFrom("_num_leases", "\n", " ", "{", "}", '"', "\\", "1")));
    fc.assert(
      fc.property(text, (parts) => {
        for (const { value } of findSamples(parts.join(""), "_num_leases")) expect(value).not.toBeNaN();
      }),
    );
  });
});
