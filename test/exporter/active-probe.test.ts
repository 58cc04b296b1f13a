import { describe, expect, it } from "@jest/globals";
import { activeProbe } from "../../src/exporter/active-probe.ts";
import { probeNodes } from "../../src/exporter/probe-nodes.ts";
import { fakeCluster, type FakeNode } from "./fake-cluster.ts";
import { clock } from "./scrape.ts";

const probed = async (nodes: readonly FakeNode[]) => {
  const cluster = fakeCluster({ nodes });
  const deadline = { signal: new AbortController().signal, timeoutMs: 100 };
  return await activeProbe({
    active: async () => await cluster.activeNode(deadline),
    probes: async () => await probeNodes({ cluster, clock, ...deadline }),
  });
};

describe("activeProbe", () => {
  it("gives what the active node says of itself, and not what another does", async () => {
    const { node, health, seal } = await probed([
      { name: "vault-0", state: "standby", health: { version: "2.6.1" } },
      { name: "vault-1", state: "active", health: { version: "2.6.2" }, seal: { type: "awskms" } },
    ]);

    expect([node.name, health?.version, seal?.type]).toEqual(["vault-1", "2.6.2", "awskms"]);
  });

  it("throws when no node is active", async () => {
    await expect(probed([{ name: "vault-0", state: "sealed" }])).rejects.toMatchObject({ reason: "no-leader" });
  });
});
