import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { compareVersions, parseVersion, type Version } from "../../src/lib/compare-versions.ts";

function version(text: string): Version {
  const parsed = parseVersion(text);
  if (parsed === undefined) throw new Error(`${text} is no version`);
  return parsed;
}

describe("parseVersion", () => {
  it.each([
    { text: "1.15.2", numbers: [1, 15, 2], preRelease: "", enterprise: false },
    { text: "v2.7.2", numbers: [2, 7, 2], preRelease: "", enterprise: false },
    { text: "1.16", numbers: [1, 16, 0], preRelease: "", enterprise: false },
    { text: "1.16.0-rc1+ent.hsm.fips1403", numbers: [1, 16, 0], preRelease: "rc1", enterprise: true },
    { text: " 1.15.0+ent ", numbers: [1, 15, 0], preRelease: "", enterprise: true },
    { text: "2.0.0+entry", numbers: [2, 0, 0], preRelease: "", enterprise: false },
  ])("reads $text", ({ text, ...expected }) => {
    expect(parseVersion(text)).toEqual(expected);
  });

  it.each(["", "latest", "1.15.x", "1..2", "1.2.3.4", "1.2.3 or so", "1.2.3-", "-1.2.3", "1.2.3+"])(
    "does not take %j for a version",
    (text) => {
      expect(parseVersion(text)).toBeUndefined();
    },
  );
});

describe("compareVersions", () => {
  /** Every one older than the next. */
  const ORDER = [
    "1.9.10",
    "1.10.0-beta1",
    "1.10.0-rc1",
    "1.10.0-rc2",
    "1.10.0-rc2.1",
    "1.10.0-rc10+ent",
    "1.10.0",
    "1.10.1",
    "1.15.9+ent.hsm",
    "1.15.10",
    "2.0.0-beta20260101",
    "2.0.0",
  ];

  it("puts versions into the order in which they came out", () => {
    const shuffled = ORDER.toReversed();
    const sorted = shuffled.toSorted((left, right) => compareVersions(version(left), version(right)));
    expect(sorted).toEqual(ORDER);
  });

  it.each([
    ["1.15.2", "1.15.2+ent"],
    ["1.15.2+ent", "1.15.2+ent.hsm.fips1402"],
    ["v2.7.2", "2.7.2"],
    ["2.7", "2.7.0"],
    ["1.16.0-rc1", "1.16.0-rc1+ent"],
  ])("takes %s and %s for equally old", (left, right) => {
    expect(compareVersions(version(left), version(right))).toBe(0);
    expect(compareVersions(version(right), version(left))).toBe(0);
  });

  it("is an order: whichever way round two are compared, and through a third", () => {
    const some = fc.constantFrom(...ORDER, "1.10.0-rc", "1.10.0-rc.1", "1.10.0-1", "1.10.0-rc-1", "1.10.0-alpha.beta");
    fc.assert(
      fc.property(some, some, some, (a, b, c) => {
        const [one, two, three] = [version(a), version(b), version(c)];
        expect(Math.sign(compareVersions(one, two)) + Math.sign(compareVersions(two, one))).toBe(0);
        if (compareVersions(one, two) <= 0 && compareVersions(two, three) <= 0) {
          expect(compareVersions(one, three)).toBeLessThanOrEqual(0);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
