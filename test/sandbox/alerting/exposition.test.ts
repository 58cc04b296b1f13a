import { describe, expect, it } from "@jest/globals";
import { readSamples } from "../../../src/sandbox/alerting/exposition.ts";

describe("readSamples", () => {
  it("reads names, labels and values, and leaves comments, empty lines and what is no sample", () => {
    const page = [
      "# HELP sealwatch_node_sealed 1 while sealed.",
      "# TYPE sealwatch_node_sealed gauge",
      'sealwatch_node_sealed{vault_cluster="prod",vault_node="vault-0"} 1',
      'sealwatch_raft_margin{vault_cluster="prod"} -1',
      "process_start_time_seconds 1.7e9",
      "sealwatch_up NaN",
      "",
      "not a sample",
    ].join("\n");
    expect(readSamples(page)).toEqual([
      { name: "sealwatch_node_sealed", labels: { vault_cluster: "prod", vault_node: "vault-0" }, value: 1 },
      { name: "sealwatch_raft_margin", labels: { vault_cluster: "prod" }, value: -1 },
      { name: "process_start_time_seconds", labels: {}, value: 1_700_000_000 },
      { name: "sealwatch_up", labels: {}, value: Number.NaN },
    ]);
  });

  it("is not led astray by braces, commas and quotes in a label's value", () => {
    const line = String.raw`info{text="a}, b=\"c\" 7",node="x"} 2`;
    expect(readSamples(line)).toMatchObject([{ name: "info", labels: { node: "x" }, value: 2 }]);
    expect(Object.keys(readSamples(line)[0]?.labels ?? {})).toEqual(["text", "node"]);
  });
});
