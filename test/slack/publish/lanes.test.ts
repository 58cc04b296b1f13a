import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { bucketLane } from "../../../src/slack/publish/pace/bucket-lane.ts";
import type { Lane, Rank } from "../../../src/slack/publish/pace/lane.ts";
import { createLanes, EDIT_LANE, postLane } from "../../../src/slack/publish/pace/lanes.ts";
import { windowLane } from "../../../src/slack/publish/pace/window-lane.ts";

/** Takes whatever a lane lets through at a moment; gives how much that was. */
function drain(lane: Lane, rank: Rank, now: number): number {
  for (let taken = 0; ; taken++) {
    if (lane.freeAt(rank, now) > now) return taken;
    lane.take(now);
  }
}

describe("the lane of posts in a channel", () => {
  it("lets a short burst through, keeps two places for gates, and then takes one a second", () => {
    const lane = createLanes()(postLane("C1"));
    expect(drain(lane, 2, 1000)).toBe(3);
    expect(drain(lane, 0, 1000)).toBe(2);
    expect(lane.freeAt(0, 1000)).toBe(2000);
    expect(lane.freeAt(2, 1000)).toBe(4000);
    expect(drain(lane, 2, 4000)).toBe(1);
  });

  it("is one for each channel", () => {
    const lanes = createLanes();
    drain(lanes(postLane("C1")), 0, 0);
    expect(drain(lanes(postLane("C2")), 0, 0)).toBe(5);
  });
});

describe("any lane", () => {
  it.each([
    { name: "of posts", lane: bucketLane({ perSecond: 1, burst: 5, reserve: 2 }) },
    { name: "of edits", lane: windowLane({ most: 40, reserve: 4, windowMs: 61_000 }) },
  ])("$name is closed for as long as slack asked, for gates too, and a shorter pause does not open it", ({ lane }) => {
    lane.block(30_000);
    lane.block(5000);
    expect(lane.freeAt(0, 1000)).toBe(30_000);
    expect(lane.freeAt(0, 30_000)).toBe(30_000);
  });

  it.each([
    { name: "of posts", lane: bucketLane({ perSecond: 1, burst: 1, reserve: 0 }) },
    { name: "of edits", lane: windowLane({ most: 1, reserve: 0, windowMs: 61_000 }) },
  ])("$name has its place back when no call was made", ({ lane }) => {
    const giveBack = lane.take(1000);
    expect(lane.freeAt(0, 1000)).toBeGreaterThan(1000);
    giveBack();
    expect(lane.freeAt(0, 1000)).toBe(1000);
  });
});

describe("the lane of edits", () => {
  it("lets at most forty through in any minute, whatever is asked when", () => {
    const asks = fc.array(fc.record({ laterMs: fc.nat(20_000), rank: fc.constantFrom<Rank>(0, 1, 2) }), {
      maxLength: 400,
    });
    fc.assert(
      fc.property(asks, (all) => {
        const lane = createLanes()(EDIT_LANE);
        const taken: number[] = [];
        let now = 0;
        for (const { laterMs, rank } of all) {
          now += laterMs % 7 === 0 ? laterMs : laterMs % 50;
          if (lane.freeAt(rank, now) > now) continue;
          lane.take(now);
          taken.push(now);
        }
        return taken.every((from) => taken.filter((at) => at >= from && at < from + 60_000).length <= 40);
      }),
    );
  });

  it("keeps the last four of them for gates", () => {
    const lane = createLanes()(EDIT_LANE);
    expect([drain(lane, 1, 0), drain(lane, 0, 0)]).toEqual([36, 4]);
    expect(lane.freeAt(0, 1)).toBe(61_000);
  });
});
