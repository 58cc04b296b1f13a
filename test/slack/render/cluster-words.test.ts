import { describe, expect, it } from "@jest/globals";
import { clusterWords, marginWords } from "../../../src/slack/render/cluster-words.ts";
import { FACTS } from "./draw.ts";

describe("how many more nodes may be lost", () => {
  it.each([
    { margin: undefined, says: undefined },
    { margin: -1, says: ":rotating_light: *quorum is lost*" },
    { margin: 0, says: ":warning: *one more loss stops the cluster*" },
    { margin: 1, says: "one node may still be lost" },
    { margin: 2, says: "2 nodes may still be lost" },
  ])("of margin $margin", ({ margin, says }) => {
    expect(marginWords(margin)).toBe(says);
  });
});

describe("how a cluster stands", () => {
  it("leaves out what nobody could tell", () => {
    expect(clusterWords({ ...FACTS, sealType: undefined, margin: undefined, nodes: [] })).toBe("");
    expect(clusterWords({ ...FACTS, margin: undefined })).toMatch(/^seal `awskms`\n/u);
  });

  it("of many nodes shows those that are not well", () => {
    const nodes = Array.from({ length: 20 }, (_, index) => ({
      name: `vault-${index}`,
      state: index === 19 ? ("unreachable" as const) : ("standby" as const),
      version: undefined,
    }));
    const words = clusterWords({ ...FACTS, nodes });
    expect(words).toContain("\nvault-19 *unreachable*, vault-0 standby");
    expect(words).toContain("and 13 more");
  });
});
