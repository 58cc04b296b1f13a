import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { sparkline } from "../../src/actions/sparkline.ts";

describe("sparkline", () => {
  it.each([
    { name: "a rise", values: [0, 1, 2, 3, 4, 5, 6, 7], line: "▁▂▃▄▅▆▇█" },
    { name: "values below zero", values: [-10, 0, 10], line: "▁▅█" },
    { name: "a gap", values: [1, Number.NaN, 2], line: "▁·█" },
    { name: "infinity, which has no height", values: [1, Infinity, 2], line: "▁·█" },
    { name: "always the same", values: [5, 5, 5], line: "▄▄▄" },
    { name: "always nothing", values: [0, 0, 0], line: "▁▁▁" },
    { name: "one value", values: [3], line: "▄" },
    { name: "no value", values: [], line: "" },
    { name: "only gaps", values: [Number.NaN, Number.NaN], line: "··" },
    { name: "huge numbers, whose distance is infinite", values: [-1.7e308, 1.7e308], line: "▁█" },
  ])("draws $name", ({ values, line }) => {
    expect(sparkline(values, 40)).toBe(line);
  });

  it("shows a peak that is narrower than a character", () => {
    const values = Array.from({ length: 400 }, (_, index) => (index === 123 ? 100 : 0));
    expect(sparkline(values, 40)).toBe(`${"▁".repeat(12)}█${"▁".repeat(27)}`);
  });

  it("is never longer than its width, and has one character for each value where they fit", () => {
    fc.assert(
      fc.property(fc.array(fc.double(), { maxLength: 200 }), fc.integer({ min: 1, max: 60 }), (values, width) => {
        expect(Array.from(sparkline(values, width))).toHaveLength(Math.min(width, values.length));
      }),
    );
  });
});
