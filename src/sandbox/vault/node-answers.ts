import type { Timestamp } from "../../lib/clock.ts";
import { raw } from "./answers.ts";
import type { SimulatedAnswer } from "./answers.ts";
import type { ClusterState, NodeState } from "./cluster-state.ts";
import { leaderSeenBy, takesPart } from "./cluster-state.ts";
import { unsealsItself } from "./sealing.ts";

/** Answers `sys/health` with the code of the node's state; the order of the codes is Vault's. */
export function healthAnswer(state: ClusterState, node: NodeState, now: Timestamp): SimulatedAnswer {
  const { product } = state.settings;
  const active = state.leader === node.name;
  const led = !node.sealed && leaderSeenBy(state, node) !== undefined;
  return raw(
    {
      initialized: node.initialized,
      sealed: node.sealed,
      standby: !active,
      ...(product === "vault" ? vaultHealth(state, node) : {}),
      replication_performance_mode: led ? "primary" : "unknown",
      replication_dr_mode: led ? "disabled" : "unknown",
      server_time_utc: Math.floor((now - node.clockBehindMs) / 1000),
      version: node.version,
      ...(node.sealed ? {} : clusterNames(state)),
    },
    healthCode(state, node, active),
  );
}

function healthCode(state: ClusterState, node: NodeState, active: boolean): number {
  const vault = state.settings.product === "vault";
  if (!node.initialized) return 501;
  if (vault && node.removed) return 530;
  if (node.sealed) return 503;
  if (active) return 200;
  return vault && state.leader === undefined ? 474 : 429;
}

function vaultHealth(state: ClusterState, node: NodeState): Record<string, unknown> {
  const standby = !node.sealed && state.leader !== node.name;
  return {
    performance_standby: false,
    enterprise: false,
    clock_skew_ms: 0,
    echo_duration_ms: 0,
    ...(node.removed ? { removed_from_cluster: true } : {}),
    ...(standby ? { ha_connection_healthy: state.leader !== undefined } : {}),
  };
}

/** Answers `sys/seal-status`, in every state with 200. */
export function sealStatusAnswer(state: ClusterState, node: NodeState): SimulatedAnswer {
  const { sealType, shares, threshold, product } = state.settings;
  return raw({
    type: sealType,
    initialized: node.initialized,
    sealed: node.sealed,
    t: node.initialized ? threshold : 0,
    n: node.initialized ? shares : 0,
    progress: node.givenShares.size,
    nonce: node.nonce,
    recovery_seal: unsealsItself(state),
    version: node.version,
    [product === "vault" ? "build_date" : "commit_date"]: "2026-10-26T20:32:27Z",
    migration: false,
    ...(node.sealed ? {} : clusterNames(state)),
    storage_type: "raft",
    ...(product === "vault" ? { removed_from_cluster: node.removed } : {}),
  });
}

/** Answers `sys/leader` as the node sees it. */
export function leaderAnswer(state: ClusterState, node: NodeState): SimulatedAnswer {
  const isSelf = state.leader === node.name;
  const leader = leaderSeenBy(state, node);
  return raw({
    ha_enabled: true,
    is_self: isSelf,
    ...(isSelf ? { active_time: new Date(state.activeSince).toISOString() } : vaultNeverActive(state)),
    ...(leader === undefined
      ? {}
      : { leader_address: leader.address, leader_cluster_address: `https://${leader.clusterAddress}` }),
    raft_committed_index: takesPart(state, node) ? state.index : node.appliedIndex,
    raft_applied_index: node.appliedIndex,
  });
}

function vaultNeverActive(state: ClusterState): Record<string, unknown> {
  if (state.settings.product !== "vault") return {};
  return { active_time: "0001-01-01T00:00:00Z", performance_standby: false };
}

function clusterNames({ settings, clusterId }: ClusterState): Record<string, string> {
  return { cluster_name: settings.clusterName, cluster_id: clusterId };
}
