import type { Timestamp } from "../../lib/clock.ts";
import type { SystemState } from "./system-state.ts";

/** ClusterSettings is what does not change while a simulated cluster lives. */
export type ClusterSettings = {
  /** Whose answers are imitated where the two differ. */
  readonly product: "openbao" | "vault";
  readonly clusterName: string;
  readonly clusterId: string;
  readonly sealType: string;
  readonly shares: number;
  readonly threshold: number;
  readonly unsealKeys: readonly string[];
  /** How long the cluster has no leader after losing one, in milliseconds. */
  readonly electionMs: number;
  /** How long a silent server counts as healthy to autopilot, in milliseconds (`last_contact_threshold`). */
  readonly deadAfterMs: number;
  /** How long a joined server is no voter, in milliseconds (`server_stabilization_time`). */
  readonly stabilizationMs: number;
  /** How long a node that stepped down does not stand for election, in milliseconds. */
  readonly stepDownMs: number;
};

/** NodeState is one simulated server. */
export type NodeState = {
  readonly name: string;
  readonly raftNodeId: string;
  /** Of the program that runs, or will when it is started. */
  version: string;
  address: string;
  clusterAddress: string;
  running: boolean;
  frozen: boolean;
  initialized: boolean;
  sealed: boolean;
  /** Sealed by the API: an auto-unsealing node then stays sealed until it is restarted. */
  sealedByHand: boolean;
  removed: boolean;
  /** Cut off from the others: raft goes on without it, and we still reach its API. */
  severed: boolean;
  /** By how much its clock is behind, in milliseconds. */
  clockBehindMs: number;
  diskFull: boolean;
  cpuBusy: boolean;
  readonly givenShares: Set<string>;
  nonce: string;
  appliedIndex: number;
  /** When the leader last heard of it. */
  lastSeenAt: Timestamp;
  healthySince: Timestamp;
  noCandidateUntil: Timestamp;
};

/** A member of the raft configuration, alive or dead. */
export type Member = { readonly raftNodeId: string; readonly joinedAt: Timestamp };

/** ClusterState is all that a simulated cluster is. Only the functions of this folder change it. */
export type ClusterState = {
  readonly settings: ClusterSettings;
  readonly nodes: readonly NodeState[];
  members: readonly Member[];
  /** The id of the cluster that holds the data now: another than the settings' while a node was initialized anew. */
  clusterId: string;
  /** Name of the leading node. */
  leader: string | undefined;
  /** Name of the node that led last, or leads. */
  lastLeader: string | undefined;
  leaderlessSince: Timestamp;
  activeSince: Timestamp;
  term: number;
  index: number;
  kmsAvailable: boolean;
  readonly system: SystemState;
  leases: {
    readonly total: number;
    /** By the accessor of their mount. */
    readonly irrevocable: Readonly<Record<string, number>>;
    /** Those that a list shows; default: none. */
    readonly ids?: readonly string[];
  };
};

/** Finds a node by its name; throws for a name that no node has. */
export function nodeOf(state: ClusterState, name: string): NodeState {
  const found = state.nodes.find((node) => node.name === name);
  if (found === undefined) throw new Error(`no simulated node is called ${name}`);
  return found;
}

/** Tells whether a node takes part in raft: it runs, answers, holds data, is unsealed, and reaches the others. */
export function takesPart(state: ClusterState, node: NodeState): boolean {
  const member = state.members.some(({ raftNodeId }) => raftNodeId === node.raftNodeId);
  return member && node.running && !node.frozen && node.initialized && !node.sealed && !node.severed;
}

/**
 * Finds the leader in a node's own eyes. Standbys go on naming a dead leader until there is another; only the one that lost
 * leadership itself knows of none.
 */
export function leaderSeenBy(state: ClusterState, node: NodeState): NodeState | undefined {
  const name = state.leader ?? (state.lastLeader === node.name ? undefined : state.lastLeader);
  return name === undefined ? undefined : nodeOf(state, name);
}

/** Tells whether a member has a vote yet. */
export function isVoter(state: ClusterState, member: Member, now: Timestamp): boolean {
  return now - member.joinedAt >= state.settings.stabilizationMs;
}
