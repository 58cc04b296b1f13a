import type { PolicyRule } from "../lib/vault-policy.ts";
import type { AutopilotState } from "../vault/endpoints/raft-autopilot-state.ts";
import type { RaftServer } from "../vault/endpoints/raft-configuration.ts";
import type { VaultNode } from "../vault/cluster.ts";
import type { RaftMatches } from "../lib/raft-members.ts";
import { matchRaftMembers } from "../lib/raft-members.ts";
import type { ActionContext } from "./action.ts";
import { findMember } from "./find-member.ts";
import { nodeRead } from "./node-read.ts";
import type { NodeReading, NodeState } from "./node-state.ts";
import { readNodeStates } from "./node-state.ts";
import type { Voters } from "../lib/quorum.ts";

/** What the active node must permit for a `RaftView`. */
export const RAFT_VIEW_POLICY = [
  { path: "sys/storage/raft/configuration", capabilities: ["read"] },
  { path: "sys/storage/raft/autopilot/state", capabilities: ["read"] },
] as const satisfies readonly PolicyRule[];

/**
 * Autopilot's own default for an unhealthy silence (`last_contact_threshold`). A leader that has just begun calls everybody unhealthy of
 * whom it has not heard yet, and counts their silence from its own beginning: only after this time does its word mean something.
 */
const SILENCE_MS = 10_000;

/** A member of the cluster according to raft, with what autopilot and the node itself say of it. */
export type RaftMember = {
  readonly id: string;
  /** Name in the configuration, or the raft id of a member that is not configured. */
  readonly name: string;
  /** Host and cluster port, as raft knows it. */
  readonly address: string;
  readonly voter: boolean;
  /** By raft's configuration, by autopilot, or because it is the active node. */
  readonly leader: boolean;
  /** Autopilot's word; undefined when it never heard of the member since the leader began. */
  readonly autopilotHealthy: boolean | undefined;
  /** The leader heard of it in the last 10 s, or began to lead so lately that it cannot say. */
  readonly heardLately: boolean;
  /** The node's own word; undefined when it is not configured. */
  readonly state: NodeState | undefined;
  /** Autopilot calls it healthy, and it answers unsealed where it can be asked: in doubt a member does not count. */
  readonly healthy: boolean;
};

/** The cluster's members as its active node sees them at one moment. */
export type RaftView = {
  readonly active: VaultNode;
  readonly members: readonly RaftMember[];
  /** Of every configured node, member or not. */
  readonly readings: readonly NodeReading[];
  /** Configured nodes of which it is unknown whether they are members: no member matches them, and some member matches no node. */
  readonly unmatched: readonly VaultNode[];
  /** Finds a configured node among the members; undefined when it surely is none. Throws reason `refused` when that cannot be told. */
  readonly memberOf: (node: VaultNode) => RaftMember | undefined;
};

/**
 * Reads raft's configuration and autopilot's state from the active node (token, `read`), and every configured node's own health, all at
 * once. Throws reason `refused` when the active node is none of the members: then no node can be matched.
 */
export async function readRaftView(context: ActionContext, active: VaultNode): Promise<RaftView> {
  const [{ servers }, autopilot, readings] = await Promise.all([
    active.raftConfiguration(nodeRead(context)),
    active.autopilotState(nodeRead(context)),
    readNodeStates(context),
  ]);
  const find = (node: VaultNode): RaftServer | undefined => findMember(context, { active, servers }, node);
  find(active);
  const matches = matchRaftMembers(context.cluster.nodes, servers);
  const members = servers.map((server) => toMember(server, { active, autopilot, readings, matches }));
  return {
    active,
    members,
    readings,
    unmatched: matches.strangers.length === 0 ? [] : withoutMember(context.cluster.nodes, matches),
    memberOf: (node) => members.find(({ id }) => id === find(node)?.nodeId),
  };
}

/** Counts the voters of a view, and the healthy ones among them. */
export function countVoters({ members }: RaftView): Voters {
  const voters = members.filter(({ voter }) => voter);
  return { voters: voters.length, healthy: voters.filter(({ healthy }) => healthy).length };
}

type Matches = RaftMatches<VaultNode, RaftServer>;

type Sources = {
  readonly active: VaultNode;
  readonly autopilot: AutopilotState;
  readonly readings: readonly NodeReading[];
  readonly matches: Matches;
};

function toMember(server: RaftServer, { active, autopilot, readings, matches }: Sources): RaftMember {
  const name = matches.pairs.find(({ member }) => member === server)?.node.name;
  const reading = readings.find(({ node }) => node.name === name);
  const reported = autopilot.servers.find(({ id }) => id === server.nodeId);
  return {
    id: server.nodeId,
    name: name ?? server.nodeId,
    address: server.address,
    voter: server.voter,
    leader: server.leader || autopilot.leader === server.nodeId || active.name === name,
    autopilotHealthy: reported?.healthy,
    heardLately: reported?.lastContactMs !== undefined && reported.lastContactMs < SILENCE_MS,
    state: reading?.state,
    healthy: reported?.healthy === true && (reading === undefined || reading.state === "unsealed"),
  };
}

function withoutMember(nodes: readonly VaultNode[], { pairs }: Matches): readonly VaultNode[] {
  return nodes.filter(({ name }) => pairs.every(({ node }) => node.name !== name));
}
