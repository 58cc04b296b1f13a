import { describe, expect, it } from "@jest/globals";
import { DANGERS, gateDemand } from "../../src/lib/danger.ts";

describe("gateDemand", () => {
  it.each([
    {
      danger: "observe",
      sentence: "nothing",
      demand: { approvals: 0, notTheStarter: false, typedPhrase: false, expiresMs: 0 },
    },
    {
      danger: "reversible",
      sentence: "one responder, who may be the starter",
      demand: { approvals: 1, notTheStarter: false, typedPhrase: false, expiresMs: 1_800_000 },
    },
    {
      danger: "disruptive",
      sentence: "one approver who is not the starter",
      demand: { approvals: 1, notTheStarter: true, typedPhrase: false, expiresMs: 1_800_000 },
    },
    {
      danger: "destructive",
      sentence: "two people besides the starter, who type the cluster's name within 15 minutes",
      demand: { approvals: 2, notTheStarter: true, typedPhrase: true, expiresMs: 900_000 },
    },
  ] as const)("demands $sentence for $danger", ({ danger, demand }) => {
    expect(gateDemand(danger)).toEqual(demand);
  });

  it("never demands less of a greater danger", () => {
    const demands = DANGERS.map(gateDemand);

    for (const [index, demand] of demands.slice(1).entries()) {
      const weaker = demands[index];
      expect(demand.approvals).toBeGreaterThanOrEqual(weaker?.approvals ?? Number.NaN);
      expect(Number(demand.notTheStarter)).toBeGreaterThanOrEqual(Number(weaker?.notTheStarter));
      expect(Number(demand.typedPhrase)).toBeGreaterThanOrEqual(Number(weaker?.typedPhrase));
    }
  });
});
