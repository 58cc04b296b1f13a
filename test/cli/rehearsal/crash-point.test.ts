import { describe, expect, it } from "@jest/globals";
import { crashPoints } from "../../../src/cli/rehearsal/crash-point.ts";

describe("crashPoints", () => {
  it("has one for every append, and three for every call", () => {
    expect(crashPoints({ appends: 2, calls: 1 })).toEqual([
      { kind: "append", number: 1 },
      { kind: "append", number: 2 },
      { kind: "call", number: 1, fate: "lost" },
      { kind: "call", number: 1, fate: "answered" },
      { kind: "call", number: 1, fate: "late" },
    ]);
  });
});
