import { describe, expect, it } from "@jest/globals";
import { node } from "../../../src/exporter/collectors/node.ts";
import { fakeCluster, NOW } from "../fake-cluster.ts";
import { samplesOf } from "../scrape.ts";

const only = (samples: string, ...names: readonly string[]): readonly string[] =>
  samples.split("\n").filter((line) => names.some((name) => line.startsWith(`sealwatch_${name}{`)));

describe("node collector", () => {
  it("writes unreachable, uninitialised, sealed, standby and active as five different things", async () => {
    const cluster = fakeCluster({
      nodes: [
        { name: "vault-0", state: "active" },
        { name: "vault-1", state: "standby" },
        { name: "vault-2", state: "sealed", seal: { progress: 1, type: "shamir" } },
        { name: "vault-3", state: "uninitialized" },
        { name: "vault-4", state: "unreachable" },
      ],
    });

    expect(await samplesOf(cluster, node)).toBe(
      `sealwatch_node_up{vault_cluster="prod",vault_node="vault-0"} 1
sealwatch_node_up{vault_cluster="prod",vault_node="vault-1"} 1
sealwatch_node_up{vault_cluster="prod",vault_node="vault-2"} 1
sealwatch_node_up{vault_cluster="prod",vault_node="vault-3"} 1
sealwatch_node_up{vault_cluster="prod",vault_node="vault-4"} 0
sealwatch_node_failure_info{vault_cluster="prod",vault_node="vault-4",reason="unreachable"} 1
sealwatch_node_initialized{vault_cluster="prod",vault_node="vault-0"} 1
sealwatch_node_initialized{vault_cluster="prod",vault_node="vault-1"} 1
sealwatch_node_initialized{vault_cluster="prod",vault_node="vault-2"} 1
sealwatch_node_initialized{vault_cluster="prod",vault_node="vault-3"} 0
sealwatch_node_sealed{vault_cluster="prod",vault_node="vault-0"} 0
sealwatch_node_sealed{vault_cluster="prod",vault_node="vault-1"} 0
sealwatch_node_sealed{vault_cluster="prod",vault_node="vault-2"} 1
sealwatch_node_standby{vault_cluster="prod",vault_node="vault-0"} 0
sealwatch_node_standby{vault_cluster="prod",vault_node="vault-1"} 1
sealwatch_node_active{vault_cluster="prod",vault_node="vault-0"} 1
sealwatch_node_active{vault_cluster="prod",vault_node="vault-1"} 0
sealwatch_node_active{vault_cluster="prod",vault_node="vault-2"} 0
sealwatch_node_active{vault_cluster="prod",vault_node="vault-3"} 0
sealwatch_node_leader_known{vault_cluster="prod",vault_node="vault-0"} 1
sealwatch_node_leader_known{vault_cluster="prod",vault_node="vault-1"} 1
sealwatch_node_seal_threshold{vault_cluster="prod",vault_node="vault-0"} 3
sealwatch_node_seal_threshold{vault_cluster="prod",vault_node="vault-1"} 3
sealwatch_node_seal_threshold{vault_cluster="prod",vault_node="vault-2"} 3
sealwatch_node_seal_threshold{vault_cluster="prod",vault_node="vault-3"} 0
sealwatch_node_seal_shares{vault_cluster="prod",vault_node="vault-0"} 5
sealwatch_node_seal_shares{vault_cluster="prod",vault_node="vault-1"} 5
sealwatch_node_seal_shares{vault_cluster="prod",vault_node="vault-2"} 5
sealwatch_node_seal_shares{vault_cluster="prod",vault_node="vault-3"} 0
sealwatch_node_seal_progress{vault_cluster="prod",vault_node="vault-0"} 0
sealwatch_node_seal_progress{vault_cluster="prod",vault_node="vault-1"} 0
sealwatch_node_seal_progress{vault_cluster="prod",vault_node="vault-2"} 1
sealwatch_node_seal_progress{vault_cluster="prod",vault_node="vault-3"} 0
sealwatch_node_seal_migration{vault_cluster="prod",vault_node="vault-0"} 0
sealwatch_node_seal_migration{vault_cluster="prod",vault_node="vault-1"} 0
sealwatch_node_seal_migration{vault_cluster="prod",vault_node="vault-2"} 0
sealwatch_node_seal_migration{vault_cluster="prod",vault_node="vault-3"} 0
sealwatch_node_seal_info{vault_cluster="prod",vault_node="vault-0",seal_type="shamir",storage_type="raft",recovery_seal="false"} 1
sealwatch_node_seal_info{vault_cluster="prod",vault_node="vault-1",seal_type="shamir",storage_type="raft",recovery_seal="false"} 1
sealwatch_node_seal_info{vault_cluster="prod",vault_node="vault-2",seal_type="shamir",storage_type="raft",recovery_seal="false"} 1
sealwatch_node_seal_info{vault_cluster="prod",vault_node="vault-3",seal_type="shamir",storage_type="raft",recovery_seal="false"} 1
sealwatch_node_health_status_code{vault_cluster="prod",vault_node="vault-0"} 200
sealwatch_node_health_status_code{vault_cluster="prod",vault_node="vault-1"} 429
sealwatch_node_health_status_code{vault_cluster="prod",vault_node="vault-2"} 503
sealwatch_node_health_status_code{vault_cluster="prod",vault_node="vault-3"} 501
sealwatch_node_version_info{vault_cluster="prod",vault_node="vault-0",version="2.6.2"} 1
sealwatch_node_version_info{vault_cluster="prod",vault_node="vault-1",version="2.6.2"} 1
sealwatch_node_version_info{vault_cluster="prod",vault_node="vault-2",version="2.6.2"} 1
sealwatch_node_version_info{vault_cluster="prod",vault_node="vault-3",version="2.6.2"} 1
sealwatch_node_clock_skew_seconds{vault_cluster="prod",vault_node="vault-0"} 0
sealwatch_node_clock_skew_seconds{vault_cluster="prod",vault_node="vault-1"} 0
sealwatch_node_clock_skew_seconds{vault_cluster="prod",vault_node="vault-2"} 0
sealwatch_node_clock_skew_seconds{vault_cluster="prod",vault_node="vault-3"} 0
sealwatch_cluster_reachable_nodes{vault_cluster="prod"} 4
sealwatch_cluster_unsealed_nodes{vault_cluster="prod"} 2
sealwatch_cluster_active_nodes{vault_cluster="prod"} 1`,
    );
  });

  it("counts zero nodes instead of leaving the count out when none answers", async () => {
    const cluster = fakeCluster({ nodes: [{ name: "vault-0", state: "unreachable" }] });

    expect(only(await samplesOf(cluster, node), "cluster_reachable_nodes", "cluster_active_nodes")).toEqual([
      `sealwatch_cluster_reachable_nodes{vault_cluster="prod"} 0`,
      `sealwatch_cluster_active_nodes{vault_cluster="prod"} 0`,
    ]);
  });

  it("tells why a node could not be asked: a page of a proxy, a frozen process", async () => {
    const cluster = fakeCluster({
      nodes: [
        { name: "proxy", state: "garbage" },
        { name: "hung", state: "frozen" },
      ],
    });

    expect(only(await samplesOf(cluster, node), "node_up", "node_failure_info")).toEqual([
      `sealwatch_node_up{vault_cluster="prod",vault_node="proxy"} 0`,
      `sealwatch_node_up{vault_cluster="prod",vault_node="hung"} 0`,
      `sealwatch_node_failure_info{vault_cluster="prod",vault_node="proxy",reason="invalid-answer"} 1`,
      `sealwatch_node_failure_info{vault_cluster="prod",vault_node="hung",reason="timeout"} 1`,
    ]);
  });

  it("reports two nodes that both call themselves active", async () => {
    const cluster = fakeCluster({
      nodes: [
        { name: "vault-0", state: "active" },
        { name: "vault-1", state: "active" },
      ],
    });

    expect(only(await samplesOf(cluster, node), "cluster_active_nodes")).toEqual([
      `sealwatch_cluster_active_nodes{vault_cluster="prod"} 2`,
    ]);
  });

  it("says that an unsealed node knows of no leader", async () => {
    const cluster = fakeCluster({
      nodes: [{ name: "vault-0", state: "standby", leader: { leaderAddress: "" } }],
    });

    expect(only(await samplesOf(cluster, node), "node_leader_known")).toEqual([
      `sealwatch_node_leader_known{vault_cluster="prod",vault_node="vault-0"} 0`,
    ]);
  });

  it("takes a node without high availability for its own leader", async () => {
    const cluster = fakeCluster({
      nodes: [{ name: "vault-0", state: "active", leader: { haEnabled: false, isSelf: false, leaderAddress: "" } }],
    });

    expect(only(await samplesOf(cluster, node), "node_leader_known", "node_active")).toEqual([
      `sealwatch_node_active{vault_cluster="prod",vault_node="vault-0"} 1`,
      `sealwatch_node_leader_known{vault_cluster="prod",vault_node="vault-0"} 1`,
    ]);
  });

  it("leaves a hidden version out", async () => {
    const cluster = fakeCluster({
      nodes: [{ name: "vault-0", state: "active", health: { version: "" }, seal: { version: "" } }],
    });

    expect(only(await samplesOf(cluster, node), "node_version_info")).toEqual([]);
  });

  it.each([
    { name: "the same second", serverTimeSeconds: NOW / 1000, skew: 0 },
    { name: "ahead", serverTimeSeconds: NOW / 1000 + 90, skew: 90 },
    { name: "behind", serverTimeSeconds: NOW / 1000 - 7, skew: -7 },
  ])("measures a clock: $name", async ({ serverTimeSeconds, skew }) => {
    const cluster = fakeCluster({ nodes: [{ name: "vault-0", state: "active", health: { serverTimeSeconds } }] });

    expect(only(await samplesOf(cluster, node), "node_clock_skew_seconds")).toEqual([
      `sealwatch_node_clock_skew_seconds{vault_cluster="prod",vault_node="vault-0"} ${skew}`,
    ]);
  });
});
