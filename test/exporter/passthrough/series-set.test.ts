import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { SeriesSet } from "../../../src/exporter/passthrough/series-set.ts";

const added = (set: SeriesSet, series: string): boolean => {
  const bytes = Buffer.from(`>${series}<`);
  return set.add(bytes, 1, bytes.length - 1);
};

describe("SeriesSet", () => {
  it("says what a set of strings says, for any series and however many", () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[ab]{0,9}$/u), { maxLength: 300 }), (all) => {
        const set = new SeriesSet();
        const strings = new Set<string>();
        for (const series of all) {
          expect(added(set, series)).toBe(!strings.has(series));
          strings.add(series);
        }
      }),
    );
  });

  it("takes no series for the begin of another", () => {
    const set = new SeriesSet();

    expect(["ab", "a", "abc", "", "b"].map((series) => added(set, series))).toEqual([true, true, true, true, true]);
    expect(["a", "ab", "abc", "b", ""].map((series) => added(set, series))).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
  });

  it("forgets all when it is cleared", () => {
    const set = new SeriesSet();
    for (let index = 0; index < 1000; index += 1) added(set, `a${index}`);

    set.clear();

    expect(added(set, "a7")).toBe(true);
    expect(added(set, "a7")).toBe(false);
  });

  it("holds a megabyte and then begins anew, so that a family without an end costs no more", () => {
    const set = new SeriesSet();
    const long = "x".repeat(60_000);
    for (let index = 0; index < 40; index += 1) expect(added(set, `${index}${long}`)).toBe(true);

    expect(added(set, `39${long}`)).toBe(false);
    expect(added(set, `0${long}`)).toBe(true);
  });
});
