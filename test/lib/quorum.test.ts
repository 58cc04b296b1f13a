import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { margin, quorum, without } from "../../src/lib/quorum.ts";

describe("quorum", () => {
  it.each([
    { voters: 1, needed: 1 },
    { voters: 2, needed: 2 },
    { voters: 3, needed: 2 },
    { voters: 4, needed: 3 },
    { voters: 5, needed: 3 },
    { voters: 7, needed: 4 },
  ])("of $voters voters is $needed", ({ voters, needed }) => {
    expect(quorum(voters)).toBe(needed);
  });

  it("is the smallest count of which two always share a voter", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99 }), (voters) => {
        expect(2 * quorum(voters)).toBeGreaterThan(voters);
        expect(2 * (quorum(voters) - 1)).toBeLessThanOrEqual(voters);
      }),
    );
  });
});

describe("margin", () => {
  it.each([
    { name: "all of three healthy", voters: 3, healthy: 3, left: 1 },
    { name: "one of three lost", voters: 3, healthy: 2, left: 0 },
    { name: "two of three lost", voters: 3, healthy: 1, left: -1 },
    { name: "all of four healthy: no better than three", voters: 4, healthy: 4, left: 1 },
    { name: "all of five healthy", voters: 5, healthy: 5, left: 2 },
  ])("is $left with $name", ({ voters, healthy, left }) => {
    expect(margin({ voters, healthy })).toBe(left);
  });
});

describe("without", () => {
  it.each([
    { name: "a dead voter", member: { voter: true, healthy: false }, after: { voters: 4, healthy: 4 } },
    { name: "a healthy voter", member: { voter: true, healthy: true }, after: { voters: 4, healthy: 3 } },
    { name: "one that does not vote", member: { voter: false, healthy: true }, after: { voters: 5, healthy: 4 } },
  ])("counts what is left after $name", ({ member, after }) => {
    expect(without({ voters: 5, healthy: 4 }, member)).toEqual(after);
  });

  it("never lowers the margin by taking out a dead voter", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 9 }), fc.nat(8), (voters, dead) => {
        const before = { voters, healthy: Math.max(0, voters - 1 - dead) };
        expect(margin(without(before, { voter: true, healthy: false }))).toBeGreaterThanOrEqual(margin(before));
      }),
    );
  });
});
