import type { Timestamp } from "../../lib/clock.ts";
import type { ClusterState, NodeState } from "./cluster-state.ts";
import { commit, settle } from "./leadership.ts";
import { startSealed } from "./sealing.ts";

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
