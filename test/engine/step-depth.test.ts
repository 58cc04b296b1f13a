import { describe, expect, it } from "@jest/globals";
import { stepDepth, stepPlace } from "../../src/engine/step-depth.ts";

describe("where a step stands", () => {
  it.each([
    { path: "restart", depth: 0, place: undefined },
    { path: "look.seal", depth: 1, place: "look" },
    { path: "rolling[2].restart", depth: 1, place: "rolling, round 3" },
    { path: "rolling[0].look.nodes[11].seal", depth: 3, place: "rolling, round 1, look, nodes, round 12" },
    { path: "$cancel.left", depth: 0, place: "on abort" },
  ])("$path is $depth deep: $place", ({ path, depth, place }) => {
    expect(stepDepth(path)).toBe(depth);
    expect(stepPlace(path)).toBe(place);
  });
});
