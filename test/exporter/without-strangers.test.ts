import { describe, expect, it } from "@jest/globals";
import { createLeasesCollector } from "../../src/exporter/collectors/leases.ts";
import { createNodeCollector } from "../../src/exporter/collectors/node.ts";
import { raft } from "../../src/exporter/collectors/raft.ts";
import { probeNodes } from "../../src/exporter/probe-nodes.ts";
import { withoutStrangers } from "../../src/exporter/without-strangers.ts";
import { FailureError } from "../../src/lib/failure.ts";
import { createVaultCluster } from "../../src/vault/create-cluster.ts";
import { fakeCluster, OUR_ID, type FakeClusterOptions, type FakeNode } from "./fake-cluster.ts";
import { clock, outcomeOf } from "./scrape.ts";

const THEIR_ID = "99999999-8888-7777-6666-555555555555";
const deadline = { signal: new AbortController().signal, timeoutMs: 50 };

const ours = (name: string): FakeNode => ({ name, state: "standby" });
const theirs = (name: string): FakeNode => ({ name, state: "standby", health: { clusterId: THEIR_ID } });
const silent = (name: string): FakeNode => ({ name, state: "sealed" });
const pinned = (clusterId: string) => () => ({ clusterId, clusterName: "" });

async function strangersOf(options: FakeClusterOptions): Promise<readonly string[]> {
  const cluster = fakeCluster(options);
  const probes = withoutStrangers(cluster, await probeNodes({ ...deadline, clock, cluster }));
  return probes.flatMap((probe) => (probe.failure?.reason === "wrong-cluster" ? [probe.node.name] : []));
}

describe("withoutStrangers", () => {
  it.each([
    { name: "none when all agree", nodes: [ours("a"), ours("b")], strangers: [] },
    { name: "the one that the majority contradicts", nodes: [ours("a"), theirs("b"), ours("c")], strangers: ["b"] },
    { name: "none when there is no majority", nodes: [ours("a"), theirs("b")], strangers: [] },
    { name: "none of those that cannot say", nodes: [silent("a"), silent("b"), theirs("c")], strangers: [] },
    {
      name: "all that contradict the pinned identity, however many",
      identity: pinned(OUR_ID),
      nodes: [theirs("a"), theirs("b"), ours("c"), silent("d")],
      strangers: ["a", "b"],
    },
    {
      name: "the one that the majority contradicts, when the remembered identity cannot be read",
      identity: () => {
        throw new FailureError({ reason: "server-error", message: "cannot read the store", retryable: false });
      },
      nodes: [ours("a"), theirs("b"), ours("c")],
      strangers: ["b"],
    },
    {
      name: "one whose health did not come but whose seal names another cluster",
      identity: pinned(OUR_ID),
      nodes: [{ name: "a", state: "standby" as const, health: { clusterId: "" }, seal: { clusterId: THEIR_ID } }],
      strangers: ["a"],
    },
  ])("finds $name", async ({ name: _name, strangers, ...options }) => {
    expect(await strangersOf(options)).toEqual(strangers);
  });
});

describe("a node of another cluster at a configured address", () => {
  const withStranger = (state: "active" | "standby") =>
    fakeCluster({
      identity: pinned(OUR_ID),
      nodes: [
        { name: "vault-0", state: state === "active" ? "standby" : "active" },
        ours("vault-1"),
        { ...theirs("vault-2"), state },
      ],
    });

  it("is down for the page, with the reason, and the collector says that it failed", async () => {
    const { samples, reason } = await outcomeOf(withStranger("standby"), createNodeCollector());

    expect(reason).toBe("wrong-cluster");
    expect(samples.split("\n").filter((line) => line.includes("vault-2") && !line.endsWith(" 0"))).toEqual([
      `sealwatch_node_state{vault_cluster="prod",vault_node="vault-2",state="unreachable"} 1`,
      `sealwatch_node_failure_info{vault_cluster="prod",vault_node="vault-2",reason="wrong-cluster"} 1`,
    ]);
    expect(samples).toContain(`sealwatch_node_up{vault_cluster="prod",vault_node="vault-2"} 0`);
    expect(samples).toContain(`sealwatch_cluster_unsealed_nodes{vault_cluster="prod"} 2`);
  });

  it("does not make a dead voter of the same name healthy", async () => {
    const { samples, reason } = await outcomeOf(withStranger("standby"), raft);

    expect(reason).toBeUndefined();
    expect(samples).toContain(`sealwatch_raft_margin{vault_cluster="prod"} 0`);
    expect(samples).toContain(`peer_healthy{vault_cluster="prod",raft_node_id="id-vault-2",vault_node="vault-2"} 0`);
  });

  it.each([{ collector: raft }, { collector: createLeasesCollector() }])(
    "is not believed by $collector.name when it calls itself active, and does not get the token",
    async ({ collector }) => {
      const cluster = withStranger("active");

      expect(await outcomeOf(cluster, collector)).toEqual({ samples: "", reason: "wrong-cluster" });
      expect(cluster.calls).toEqual([]);
    },
  );
});

describe("the identity that is known without a call", () => {
  const remembered = { clusterId: OUR_ID, clusterName: "vault-cluster-1" };
  const known = (clusterId: string | undefined, memory: typeof remembered | undefined) =>
    createVaultCluster(
      {
        name: "prod",
        product: "auto",
        clusterId,
        nodes: [{ name: "vault-0", address: "http://127.0.0.1:1" }],
        tls: {},
      },
      { identityMemory: { load: (cluster) => (cluster === "prod" ? memory : undefined), save: () => {} } },
    ).knownIdentity();

  it.each([
    { name: "the configured one", configured: THEIR_ID, memory: undefined, id: THEIR_ID },
    { name: "the configured one, whatever is remembered", configured: THEIR_ID, memory: remembered, id: THEIR_ID },
    { name: "else the remembered one", configured: undefined, memory: remembered, id: OUR_ID },
    { name: "else none", configured: undefined, memory: undefined, id: undefined },
  ])("is $name", ({ configured, memory, id }) => {
    expect(known(configured, memory)?.clusterId).toBe(id);
  });
});
