import { describe, expect, it } from "@jest/globals";
import { DISCOVERY_FAMILIES, discoveryFamilies } from "../../src/exporter/discovery-families.ts";
import { fakeCluster } from "./fake-cluster.ts";

const NODES = [{ name: "vault-0", address: "https://10.0.0.7:8200" }];

describe("the families of discovery", () => {
  it.each([
    { name: "well", status: { stale: false, lastSuccessAt: 1_700_000_000_500 }, success: 1, at: 1_700_000_000.5 },
    { name: "stale", status: { stale: true, lastSuccessAt: 1_700_000_000_500 }, success: 0, at: 1_700_000_000.5 },
    { name: "not done yet", status: { stale: true, lastSuccessAt: undefined }, success: 0, at: 0 },
  ])("say that the look for nodes is $name", ({ status, success, at }) => {
    const discovery = { kind: "kubernetes" as const, nodes: () => NODES, status: () => status };
    const labels = { vault_cluster: "prod", discovery: "kubernetes" };

    expect(
      discoveryFamilies([fakeCluster({ nodes: [], discovery })]).map(({ name, samples }) => [name, samples]),
    ).toEqual([
      ["sealwatch_discovery_success", [{ labels, value: success }]],
      ["sealwatch_discovery_nodes", [{ labels, value: 1 }]],
      ["sealwatch_discovery_last_success_timestamp_seconds", [{ labels, value: at }]],
    ]);
  });

  it("have no samples for a cluster whose nodes are all listed", () => {
    const families = discoveryFamilies([fakeCluster({ nodes: [] })]);

    expect(families.map(({ name }) => name)).toEqual(DISCOVERY_FAMILIES.map(({ name }) => name));
    expect(families.flatMap(({ samples }) => samples)).toEqual([]);
  });
});
