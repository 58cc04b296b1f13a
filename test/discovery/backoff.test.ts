import { describe, expect, it } from "@jest/globals";
import { backoffMs, spread } from "../../src/discovery/backoff.ts";

describe("backoffMs", () => {
  it("doubles from one second up to half a minute, and stays there", () => {
    const pauses = [0, 1, 2, 3, 4, 5, 6, 1000].map((failures) => backoffMs(failures, () => 0));

    expect(pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  });

  it.each([
    { name: "never", chance: 0, expected: 4000 },
    { name: "by a quarter", chance: 0.5, expected: 3000 },
    { name: "by half at most", chance: 1, expected: 2000 },
  ])("is shortened $name as chance has it", ({ chance, expected }) => {
    expect(backoffMs(2, () => chance)).toBe(expected);
    expect(spread(4000, () => chance)).toBe(expected);
  });
});
