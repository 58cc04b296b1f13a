import type { Timestamp } from "../../lib/clock.ts";
import { isVoter, nodeOf, takesPart } from "./cluster-state.ts";
import type { ClusterState, NodeState } from "./cluster-state.ts";

/**
 * Brings a cluster up to the present: notes who is heard, takes leadership from a leader that cannot lead, and elects another
 * when a majority of the voters takes part. Call it before every answer and around every change.
 */
export function settle(state: ClusterState, now: Timestamp): void {
  noteWhoIsHeard(state, now);
  const electors = voters(state, now).filter((node) => takesPart(state, node));
  const quorum = electors.length >= quorumOf(state, now);
  if (state.leader !== undefined && !(quorum && electors.includes(nodeOf(state, state.leader)))) loseLeader(state, now);
  if (state.leader === undefined && quorum && now - state.leaderlessSince >= state.settings.electionMs) {
    elect(state, electors, now);
  }
  if (state.leader !== undefined) replicate(state);
}

/** Adds entries to the log, as a write does; the nodes that take part apply them at once. */
export function commit(state: ClusterState, entries: number): void {
  state.index += entries;
  replicate(state);
}

/** Makes the leader step down: it does not stand for a while, and leads again when no one else could. */
export function stepDown(state: ClusterState, now: Timestamp): void {
  if (state.leader === undefined) return;
  nodeOf(state, state.leader).noCandidateUntil = now + state.settings.stepDownMs;
  loseLeader(state, now);
  settle(state, now);
}

/** Has another election won by this node, whoever led before; a node that does not take part cannot win. */
export function electNode(state: ClusterState, node: NodeState, now: Timestamp): void {
  if (!takesPart(state, node)) return;
  loseLeader(state, now);
  elect(state, [node], now);
}

/** Counts the voters that a decision needs. */
export function quorumOf(state: ClusterState, now: Timestamp): number {
  return Math.floor(state.members.filter((member) => isVoter(state, member, now)).length / 2) + 1;
}

function voters(state: ClusterState, now: Timestamp): NodeState[] {
  const ids = state.members.filter((member) => isVoter(state, member, now)).map(({ raftNodeId }) => raftNodeId);
  return state.nodes.filter((node) => ids.includes(node.raftNodeId));
}

function noteWhoIsHeard(state: ClusterState, now: Timestamp): void {
  for (const node of state.nodes) {
    if (!takesPart(state, node)) continue;
    if (now - node.lastSeenAt > state.settings.deadAfterMs) node.healthySince = now;
    node.lastSeenAt = now;
  }
}

function loseLeader(state: ClusterState, now: Timestamp): void {
  state.leader = undefined;
  state.leaderlessSince = now;
}

/** The one with the longest log, as in raft; of equals the first. */
function elect(state: ClusterState, electors: readonly NodeState[], now: Timestamp): void {
  const [winner] = electors
    .filter((node) => node.noCandidateUntil <= now)
    .sort((left, right) => right.appliedIndex - left.appliedIndex);
  if (winner === undefined) return;
  state.leader = winner.name;
  state.lastLeader = winner.name;
  state.activeSince = now;
  state.term += 1;
  commit(state, 2);
}

function replicate(state: ClusterState): void {
  for (const node of state.nodes) if (takesPart(state, node)) node.appliedIndex = state.index;
}
