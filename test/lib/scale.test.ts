import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { scaleOf, writeScaled } from "../../src/lib/scale.ts";

const write = (values: readonly number[], unit: string): readonly string[] =>
  values.map((value) => writeScaled(value, scaleOf(values, unit)));

describe("writing values beside each other", () => {
  it.each([
    { name: "seconds below one as milliseconds", values: [0.004, 0.42], unit: "s", words: ["4 ms", "420 ms"] },
    { name: "seconds", values: [0.004, 3.2], unit: "s", words: ["0 s", "3.2 s"] },
    { name: "microseconds", values: [0.0000123, 0.00045], unit: "s", words: ["12 µs", "450 µs"] },
    { name: "minutes", values: [30, 600], unit: "s", words: ["0.5 min", "10 min"] },
    { name: "days", values: [86_400, 864_000], unit: "s", words: ["1 d", "10 d"] },
    { name: "bytes", values: [500, 1_500_000], unit: "bytes", words: ["0 MB", "1.5 MB"] },
    { name: "bytes beyond exabytes", values: [5e14], unit: "bytes", words: ["500 TB"] },
    { name: "counts", values: [48_210, 1204], unit: "leases", words: ["48,210 leases", "1,204 leases"] },
    { name: "plain numbers", values: [123_456_789, 123_456_790], unit: "", words: ["123,456,789", "123,456,790"] },
    { name: "what differs little", values: [100.251, 100.258], unit: "", words: ["100.251", "100.258"] },
    { name: "what does not differ", values: [0.25, 0.25], unit: "", words: ["0.25", "0.25"] },
    { name: "zero", values: [0, -0], unit: "s", words: ["0 s", "0 s"] },
    {
      name: "numbers that nobody can read",
      values: [1e300, 1.7e308],
      unit: "",
      words: ["0 ×10^306", "170 ×10^306"],
    },
    { name: "numbers too small to read", values: [5e-324], unit: "s", words: ["0 ×10^-300 s"] },
    { name: "what is no number", values: [Number.NaN, 5, Infinity], unit: "", words: ["no value", "5", "no value"] },
  ])("writes $name", ({ values, unit, words }) => {
    expect(write(values, unit)).toEqual(words);
  });

  it("writes every number without an exponent of JavaScript's and without a sign before zero", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double(), { maxLength: 5 }),
        fc.constantFrom("", "s", "bytes", "leases"),
        (values, unit) => {
          for (const words of write(values, unit)) expect(words).toMatch(/^(?:no value|-?[\d,.]+(?: [^-]\S*)*.*)$/u);
          for (const words of write(values, unit)) expect(words).not.toMatch(/^-0(?: |$)|\de[+-]?\d|NaN|Infinity|∞/u);
        },
      ),
    );
  });
});
