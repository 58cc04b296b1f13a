import { randomUUID } from "node:crypto";
import type { Timestamp } from "../../lib/clock.ts";
import type { ClusterState, NodeState } from "./cluster-state.ts";
import { commit, settle } from "./leadership.ts";
import { sealNode, startSealed } from "./sealing.ts";

/** Removes a member; an unknown id changes nothing, and nothing checks the quorum, as in the real ones. */
export function removeMember(state: ClusterState, raftNodeId: string, now: Timestamp): void {
  if (!state.members.some((member) => member.raftNodeId === raftNodeId)) return;
  state.members = state.members.filter((member) => member.raftNodeId !== raftNodeId);
  commit(state, 1);
  const node = state.nodes.find((each) => each.raftNodeId === raftNodeId);
  if (node !== undefined) {
    node.removed = true;
    // Vault ≥ 1.19 shuts a removed node; OpenBao's goes on and calls itself a standby.
    if (state.settings.product === "vault") node.sealed = true;
  }
  settle(state, now);
}

/** Writes the members anew, as `peers.json` does at the start of those that it names: all others are forgotten. */
export function recoverMembers(state: ClusterState, raftNodeIds: readonly string[], now: Timestamp): void {
  state.members = state.members.filter(({ raftNodeId }) => raftNodeIds.includes(raftNodeId));
  settle(state, now);
}

/** Takes an empty node into the cluster again, sealed unless a KMS unseals it; throws when it is not empty or nobody leads. */
export function joinMember(state: ClusterState, node: NodeState, now: Timestamp): void {
  settle(state, now);
  if (node.initialized) throw new Error(`${node.name} still has data: remove it first`);
  if (state.leader === undefined) throw new Error("nobody leads: a node cannot join");
  const others = state.members.filter(({ raftNodeId }) => raftNodeId !== node.raftNodeId);
  state.members = [...others, { raftNodeId: node.raftNodeId, joinedAt: now }];
  node.removed = false;
  node.initialized = true;
  commit(state, 1);
  startSealed(state, node);
  settle(state, now);
}

/** Makes an empty node a cluster of its own, with an identity that nobody knows; throws when it is not empty. */
export function initializeAnew(state: ClusterState, node: NodeState, now: Timestamp): void {
  if (node.initialized) throw new Error(`${node.name} still has data: remove it first`);
  state.clusterId = randomUUID();
  state.members = [{ raftNodeId: node.raftNodeId, joinedAt: now - state.settings.stabilizationMs }];
  node.initialized = true;
  node.sealed = false;
  node.sealedByHand = false;
  settle(state, now);
}

/** Restores a snapshot into a node: it keeps its members, has the identity of the snapshot, and is sealed by that one's keys. */
export function restoreSnapshot(state: ClusterState, node: NodeState, from: "own" | "other"): void {
  state.clusterId = from === "own" ? state.settings.clusterId : randomUUID();
  sealNode(node);
}
