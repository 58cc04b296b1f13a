import { describe, expect, it } from "@jest/globals";
import { Runbook } from "../../src/runbook/schema.ts";
import { prepareStart } from "../../src/web/prepared-start.ts";
import type { VaultCluster } from "../../src/vault/cluster.ts";

const runbook = Runbook.parse({
  id: "typed",
  title: "t",
  meaning: "m",
  impact: "i",
  verify: "v",
  escalate: "e",
  inputs: {
    cluster: { type: "cluster" },
    count: { type: "int", max: 9 },
    grace: { type: "duration", default: "90s" },
    sure: { type: "bool", default: false },
    speed: { type: "enum", options: ["fast", "slow"] },
  },
  steps: [{ id: "hello", say: "hello" }],
});
const clusters = [{ name: "prod", nodes: [] }] as unknown as readonly VaultCluster[];

describe("prepareStart", () => {
  it("takes typed inputs as text, with the defaults as people would write them", () => {
    const prepared = prepareStart(runbook, { cluster: "prod", count: "3", speed: "fast" }, clusters);
    expect(prepared.problems).toEqual([]);
    expect(prepared.inputs).toEqual({ cluster: "prod", count: "3", speed: "fast", grace: "1m30s", sure: "no" });
  });

  it("uses nothing that is not of its type, and says why", () => {
    const query = { cluster: "prod", count: "30", grace: "soon", sure: "perhaps", speed: "fats" };
    const { problems, missing } = prepareStart(runbook, query, clusters);
    expect(problems).toEqual([
      'the value of "count" must be at most 9',
      'the value of "grace" must be a time with its unit, like 30s, 5m or 1h30m',
      'the value of "sure" must be yes or no',
      'the value of "speed" must be one of fast, slow; did you mean "fast"?',
    ]);
    expect(missing).toEqual(["count", "grace", "sure", "speed"]);
  });
});
