import { describe, expect, it } from "@jest/globals";
import { raft } from "../../../src/exporter/collectors/raft.ts";
import { FailureError } from "../../../src/lib/failure.ts";
import type { VaultNode } from "../../../src/vault/cluster.ts";
import {
  autopilotServer,
  autopilotState,
  fakeCluster,
  raftServer,
  type FakeNode,
  type FakeState,
} from "../fake-cluster.ts";
import { outcomeOf, samplesOf, scrape } from "../scrape.ts";

const threeNodes = (third: FakeState) => [
  { name: "vault-0", state: "active" as const },
  { name: "vault-1", state: "standby" as const },
  { name: "vault-2", state: third },
];

const valuesOf = (samples: string): Readonly<Record<string, number>> =>
  Object.fromEntries(
    [...samples.matchAll(/^sealwatch_raft_(?<name>[a-z_]+)\{vault_cluster="prod"\} (?<value>\S+)$/gmu)].map(
      ({ groups }) => [groups?.["name"] ?? "", Number(groups?.["value"])],
    ),
  );

const absent = async (): Promise<never> =>
  await Promise.reject(new FailureError({ reason: "not-found", retryable: false, message: "cannot read raft" }));

async function firstOf(nodes: readonly VaultNode[]): Promise<VaultNode> {
  const [first] = nodes;
  return await (first === undefined ? absent() : Promise.resolve(first));
}

describe("raft collector", () => {
  it("writes the members, the quorum, the margin and each peer", async () => {
    const cluster = fakeCluster({
      nodes: threeNodes("standby"),
      configuration: {
        index: 7,
        servers: [
          raftServer("vault-0", { leader: true }),
          raftServer("vault-1"),
          raftServer("vault-2"),
          raftServer("reader", { voter: false }),
        ],
      },
      autopilot: autopilotState([
        autopilotServer("vault-0", { status: "leader", lastIndex: 100_000_003, lastTerm: 12 }),
        autopilotServer("vault-1", { lastIndex: 100_000_001, lastContactMs: 1200 }),
        autopilotServer("vault-2", { lastIndex: 100_000_005, lastContactMs: 35, stableSinceSeconds: 1_795_300_000.5 }),
        autopilotServer("reader", {
          status: "non-voter",
          nodeStatus: "left",
          lastIndex: 99_999_000,
          lastContactMs: undefined,
          stableSinceSeconds: undefined,
        }),
      ]),
    });

    expect(await samplesOf(cluster, raft)).toBe(
      `sealwatch_raft_voters{vault_cluster="prod"} 3
sealwatch_raft_non_voters{vault_cluster="prod"} 1
sealwatch_raft_quorum{vault_cluster="prod"} 2
sealwatch_raft_expected_margin{vault_cluster="prod"} 1
sealwatch_raft_peer_voter{vault_cluster="prod",raft_node_id="id-vault-0",vault_node="vault-0"} 1
sealwatch_raft_peer_voter{vault_cluster="prod",raft_node_id="id-vault-1",vault_node="vault-1"} 1
sealwatch_raft_peer_voter{vault_cluster="prod",raft_node_id="id-vault-2",vault_node="vault-2"} 1
sealwatch_raft_peer_voter{vault_cluster="prod",raft_node_id="id-reader",vault_node=""} 0
sealwatch_raft_healthy_voters{vault_cluster="prod"} 3
sealwatch_raft_margin{vault_cluster="prod"} 1
sealwatch_raft_autopilot_healthy{vault_cluster="prod"} 1
sealwatch_raft_failure_tolerance{vault_cluster="prod"} 1
sealwatch_raft_term{vault_cluster="prod"} 12
sealwatch_raft_leader_info{vault_cluster="prod",raft_node_id="id-vault-0",vault_node="vault-0"} 1
sealwatch_raft_peer_healthy{vault_cluster="prod",raft_node_id="id-vault-0",vault_node="vault-0"} 1
sealwatch_raft_peer_healthy{vault_cluster="prod",raft_node_id="id-vault-1",vault_node="vault-1"} 1
sealwatch_raft_peer_healthy{vault_cluster="prod",raft_node_id="id-vault-2",vault_node="vault-2"} 1
sealwatch_raft_peer_healthy{vault_cluster="prod",raft_node_id="id-reader",vault_node=""} 1
sealwatch_raft_peer_index_lag{vault_cluster="prod",raft_node_id="id-vault-0",vault_node="vault-0"} 0
sealwatch_raft_peer_index_lag{vault_cluster="prod",raft_node_id="id-vault-1",vault_node="vault-1"} 2
sealwatch_raft_peer_index_lag{vault_cluster="prod",raft_node_id="id-vault-2",vault_node="vault-2"} 0
sealwatch_raft_peer_index_lag{vault_cluster="prod",raft_node_id="id-reader",vault_node=""} 1003
sealwatch_raft_peer_last_contact_seconds{vault_cluster="prod",raft_node_id="id-vault-0",vault_node="vault-0"} 0
sealwatch_raft_peer_last_contact_seconds{vault_cluster="prod",raft_node_id="id-vault-1",vault_node="vault-1"} 1.2
sealwatch_raft_peer_last_contact_seconds{vault_cluster="prod",raft_node_id="id-vault-2",vault_node="vault-2"} 0.035
sealwatch_raft_peer_stable_timestamp_seconds{vault_cluster="prod",raft_node_id="id-vault-0",vault_node="vault-0"} 1795305600
sealwatch_raft_peer_stable_timestamp_seconds{vault_cluster="prod",raft_node_id="id-vault-1",vault_node="vault-1"} 1795305600
sealwatch_raft_peer_stable_timestamp_seconds{vault_cluster="prod",raft_node_id="id-vault-2",vault_node="vault-2"} 1795300000.5
sealwatch_raft_peer_status_info{vault_cluster="prod",raft_node_id="id-vault-0",vault_node="vault-0",raft_status="leader",node_status="alive"} 1
sealwatch_raft_peer_status_info{vault_cluster="prod",raft_node_id="id-vault-1",vault_node="vault-1",raft_status="voter",node_status="alive"} 1
sealwatch_raft_peer_status_info{vault_cluster="prod",raft_node_id="id-vault-2",vault_node="vault-2",raft_status="voter",node_status="alive"} 1
sealwatch_raft_peer_status_info{vault_cluster="prod",raft_node_id="id-reader",vault_node="",raft_status="non-voter",node_status="left"} 1`,
    );
  });

  it.each([
    { name: "one", voters: 1, quorum: 1, margin: 0 },
    { name: "two", voters: 2, quorum: 2, margin: 0 },
    { name: "three", voters: 3, quorum: 2, margin: 1 },
    { name: "four", voters: 4, quorum: 3, margin: 1 },
    { name: "five", voters: 5, quorum: 3, margin: 2 },
  ])("expects of $name healthy voters the margin they have", async ({ voters, quorum, margin }) => {
    const nodes = Array.from({ length: voters }, (_, index) => ({
      name: `vault-${index}`,
      state: index === 0 ? ("active" as const) : ("standby" as const),
    }));

    expect(valuesOf(await samplesOf(fakeCluster({ nodes }), raft))).toMatchObject({
      voters,
      quorum,
      margin,
      expected_margin: margin,
    });
  });

  it.each([
    { name: "dead", state: "unreachable" as const },
    { name: "sealed", state: "sealed" as const },
    { name: "frozen", state: "frozen" as const },
    { name: "without its data", state: "uninitialized" as const },
  ])("counts a voter that is $name as lost while autopilot still calls it healthy", async ({ state }) => {
    const cluster = fakeCluster({
      nodes: threeNodes(state),
      autopilot: autopilotState([
        autopilotServer("vault-0", { status: "leader" }),
        autopilotServer("vault-1"),
        autopilotServer("vault-2"),
      ]),
    });

    const samples = await samplesOf(cluster, raft);

    expect(valuesOf(samples)).toMatchObject({ healthy_voters: 2, margin: 0, expected_margin: 1, autopilot_healthy: 1 });
    expect(samples).toContain(`peer_healthy{vault_cluster="prod",raft_node_id="id-vault-2",vault_node="vault-2"} 0`);
  });

  it("counts a voter that answers but that autopilot calls unhealthy as lost", async () => {
    const cluster = fakeCluster({
      nodes: threeNodes("standby"),
      autopilot: autopilotState([
        autopilotServer("vault-0", { status: "leader" }),
        autopilotServer("vault-1"),
        autopilotServer("vault-2", { healthy: false }),
      ]),
    });

    expect(valuesOf(await samplesOf(cluster, raft))).toMatchObject({ healthy_voters: 2, margin: 0 });
  });

  describe("when raft lists ids that nobody configured", () => {
    const named = (name: string, state: FakeState, address?: string) => ({
      name,
      state,
      raftNodeId: name,
      ...(address === undefined ? {} : { address }),
    });
    const listed = ["vault-0", "vault-1", "vault-2"].map((name, index) => ({
      nodeId: `uuid-${index}`,
      address: `${name}.vault-internal:8201`,
      leader: index === 0,
      voter: true,
    }));
    const cluster = (nodes: readonly FakeNode[]) =>
      fakeCluster({
        nodes,
        configuration: { index: 7, servers: listed },
        autopilot: autopilotState(
          listed.map(({ nodeId, leader }) =>
            autopilotServer(nodeId, { id: nodeId, status: leader ? "leader" : "voter" }),
          ),
        ),
      });

    it("finds the nodes by their hosts, so that a dead one counts as lost at once and has its name", async () => {
      const nodes = [
        named("vault-0", "active", "https://vault-0.vault-internal:8200"),
        named("vault-1", "standby", "https://vault-1.vault-internal:8200"),
        named("vault-2", "unreachable", "https://vault-2.vault-internal:8200"),
      ];

      const samples = await samplesOf(cluster(nodes), raft);

      expect(valuesOf(samples)).toMatchObject({ healthy_voters: 2, margin: 0 });
      expect(samples).toContain(`peer_healthy{vault_cluster="prod",raft_node_id="uuid-2",vault_node="vault-2"} 0`);
    });

    it("says that raftNodeId is missing when not even the active node is found, and keeps what raft says", async () => {
      const nodes = [
        named("vault-0", "active", "https://192.0.2.1:8200"),
        named("vault-1", "standby", "https://192.0.2.2:8200"),
        named("vault-2", "unreachable", "https://192.0.2.3:8200"),
      ];

      const [outcome] = await scrape(cluster(nodes), [raft]);
      const { samples } = await outcomeOf(cluster(nodes), raft);

      expect(outcome?.failure).toMatchObject({
        reason: "not-found",
        message: expect.stringMatching(
          /^cannot tell which member of raft vault-0 is: .*uuid-2 at vault-2\.vault-internal:8201.*; set raftNodeId of each node/u,
        ),
      });
      expect(valuesOf(samples)).toMatchObject({ voters: 3, healthy_voters: 3, margin: 1 });
      expect(samples).toContain(`peer_voter{vault_cluster="prod",raft_node_id="uuid-0",vault_node=""} 1`);
    });
  });

  it("goes below zero when the quorum is gone and the active node has not noticed yet", async () => {
    const cluster = fakeCluster({
      nodes: [
        { name: "vault-0", state: "active" },
        { name: "vault-1", state: "unreachable" },
        { name: "vault-2", state: "unreachable" },
      ],
    });

    expect(valuesOf(await samplesOf(cluster, raft))).toMatchObject({ margin: -1 });
  });

  it("keeps the members and leaves health out when autopilot says nothing", async () => {
    const cluster = fakeCluster({ nodes: threeNodes("standby"), autopilot: "not-found" });

    const { samples, reason } = await outcomeOf(cluster, raft);

    expect(reason).toBe("not-found");
    expect(valuesOf(samples)).toEqual({ voters: 3, non_voters: 0, quorum: 2, expected_margin: 1 });
    expect(samples).not.toContain("peer_healthy");
  });

  it.each([
    { name: "says nothing where the storage has no raft", storageType: "postgresql", reason: undefined },
    { name: "says that raft's members cannot be read", storageType: "raft", reason: "not-found" },
    { name: "says so too where the storage is not told", storageType: "", reason: "not-found" },
  ])("$name", async ({ storageType, reason }) => {
    const node = fakeCluster({ nodes: [{ name: "vault-0", state: "active", seal: { storageType } }] });
    const nodes = node.nodes.map((each) => ({ ...each, raftConfiguration: absent, autopilotState: absent }));

    expect(await outcomeOf({ ...node, nodes, activeNode: async () => await firstOf(nodes) }, raft)).toEqual({
      samples: "",
      reason,
    });
  });

  it("reads raft where it only keeps the lock of another storage", async () => {
    const cluster = fakeCluster({ nodes: [{ name: "vault-0", state: "active", seal: { storageType: "s3" } }] });

    expect(valuesOf(await samplesOf(cluster, raft))).toMatchObject({ voters: 1 });
  });

  it.each([
    { name: "all nodes are sealed", state: "sealed" as const, reason: "no-leader" },
    { name: "no node answers", state: "unreachable" as const, reason: "no-leader" },
    { name: "the token may not read", state: "denied" as const, reason: "denied" },
  ])("gives nothing and says why when $name", async ({ state, reason }) => {
    const cluster = fakeCluster({ nodes: [{ name: "vault-0", state }] });

    expect(await outcomeOf(cluster, raft)).toEqual({ samples: "", reason });
  });

  it("asks the active node alone with its token", async () => {
    const cluster = fakeCluster({ nodes: threeNodes("standby").toReversed() });

    await samplesOf(cluster, raft);

    expect(new Set(cluster.calls.map(({ node }) => node))).toEqual(new Set(["vault-0"]));
  });
});
