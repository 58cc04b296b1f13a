import { describe, expect, it } from "@jest/globals";
import { addWalk, type Tally } from "../../../src/exporter/lease-walk/tally.ts";
import type { MountCount } from "../../../src/exporter/lease-walk/walk-leases.ts";

const HOUR_MS = 3_600_000;

type Counts = Readonly<Record<string, MountCount>>;

function after(...walks: readonly Counts[]): Tally {
  return walks.reduce((tally: Tally, counts) => addWalk(tally, { mounts: new Map(Object.entries(counts)) }), new Map());
}

const whole = (leases: number, hour = 0): MountCount => ({ leases, wholeAt: hour * HOUR_MS });
const atLeast = (leases: number): MountCount => ({ leases, wholeAt: undefined });

describe("addWalk", () => {
  it("knows a mount's leases after one walk and its growth after two", () => {
    expect(after({ a: whole(100) }).get("a")).toMatchObject({ leases: 100, growthPerSecond: undefined });
    expect(after({ a: whole(100) }, { a: whole(7300, 1) }).get("a")).toMatchObject({
      leases: 7300,
      growthPerSecond: 2,
    });
    expect(after({ a: whole(7300) }, { a: whole(100, 1) }).get("a")).toMatchObject({
      leases: 100,
      growthPerSecond: -2,
    });
  });

  it.each([
    { name: "it found less", found: 40, leases: 100 },
    { name: "it did not come there", found: 0, leases: 100 },
    { name: "it found more", found: 5000, leases: 5000 },
  ])("never makes a number smaller after a walk that did not finish: $name", ({ found, leases }) => {
    expect(after({ a: whole(100) }, { a: atLeast(found) }).get("a")).toMatchObject({ leases });
  });

  it("goes by whole counts alone for the growth, over walks that did not finish", () => {
    const tally = after({ a: whole(100) }, { a: whole(3700, 1) }, { a: atLeast(9000) });

    expect(tally.get("a")).toMatchObject({ leases: 9000, growthPerSecond: 1 });
    expect(addWalk(tally, { mounts: new Map([["a", whole(7300, 3)]]) }).get("a")).toMatchObject({
      leases: 7300,
      growthPerSecond: 0.5,
    });
  });

  it("says nothing of a mount that no walk came to, and not that it has no leases", () => {
    expect(after({ a: atLeast(0), b: atLeast(7), c: whole(0) })).toEqual(
      new Map([
        ["b", { leases: 7, counted: undefined, growthPerSecond: undefined }],
        ["c", { leases: 0, counted: { leases: 0, at: 0 }, growthPerSecond: undefined }],
      ]),
    );
  });

  it("forgets a mount that is gone", () => {
    expect([...after({ a: whole(1), b: whole(2) }, { b: atLeast(0) }).keys()]).toEqual(["b"]);
  });
});
