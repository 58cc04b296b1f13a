import type { PolicyRule } from "../lib/vault-policy.ts";
import { matchRaftMembers } from "../lib/raft-members.ts";
import type { RaftServer } from "../vault/endpoints/raft-configuration.ts";
import type { VaultNode } from "../vault/cluster.ts";
import type { ActionContext } from "./action.ts";
import { nodeRead } from "./node-read.ts";
import { unlessFailed } from "./unless-failed.ts";

/** What the token must permit where a node tells its members. */
export const MEMBERS_POLICY = [
  { path: "sys/storage/raft/configuration", capabilities: ["read"] },
] as const satisfies readonly PolicyRule[];

/** A member as some node lists it, with the configured node that it is. */
export type ListedPeer = { readonly name: string; readonly id: string; readonly address: string };

/**
 * Reads raft's configuration from whichever node tells it (token, `read`), so that it works without a leader where standbys answer for
 * themselves (OpenBao 2.5 and newer). Of several words it takes the longest list: a dead member more is the safer error. Empty when no node
 * tells, for want of a token too.
 */
export async function readMembersOfAnyNode(context: ActionContext): Promise<readonly ListedPeer[]> {
  const lists = await Promise.all(context.cluster.nodes.map(async (node) => await listOf(context, node)));
  const [longest = []] = lists.toSorted((left, right) => right.length - left.length);
  const { pairs } = matchRaftMembers(context.cluster.nodes, longest);
  return longest.map((server) => ({
    name: pairs.find(({ member }) => member === server)?.node.name ?? server.nodeId,
    id: server.nodeId,
    address: server.address,
  }));
}

async function listOf(context: ActionContext, node: VaultNode): Promise<readonly RaftServer[]> {
  const told = await unlessFailed(context, async () => await node.raftConfiguration(nodeRead(context)));
  return told?.servers ?? [];
}
