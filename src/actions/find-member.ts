import { FailureError } from "../lib/failure.ts";
import type { ListedMember } from "../lib/raft-members.ts";
import { matchRaftMembers } from "../lib/raft-members.ts";
import type { VaultNode } from "../vault/cluster.ts";
import type { ActionContext } from "./action.ts";

/** What a member is looked for in: the members as the active node lists them. */
export type Listing<M extends ListedMember> = { readonly active: VaultNode; readonly servers: readonly M[] };

/**
 * Finds a configured node among raft's members. Undefined only when it surely is none of them: every member listed is another configured
 * node. Throws reason `refused` when that cannot be told: an id that raft does not know may just as well be one that nobody configured.
 */
export function findMember<M extends ListedMember>(
  { cluster }: Pick<ActionContext, "cluster">,
  { active, servers }: Listing<M>,
  node: VaultNode,
): M | undefined {
  const { pairs, strangers } = matchRaftMembers(cluster.nodes, servers);
  const memberOf = (name: string) => pairs.find((each) => each.node.name === name)?.member;
  // The active node is a member beyond doubt. Where it is not found, matching itself does not work here.
  if (memberOf(active.name) === undefined) throw cannotMatch(cluster.name, active, servers);
  const member = memberOf(node.name);
  if (member === undefined && strangers.length > 0) throw cannotMatch(cluster.name, node, servers);
  return member;
}

function cannotMatch(cluster: string, node: VaultNode, servers: readonly ListedMember[]): FailureError {
  const known = servers.map(({ nodeId, address }) => `"${nodeId}" at ${address}`).join(", ");
  return new FailureError({
    reason: "refused",
    retryable: false,
    message:
      `cannot match ${node.name} to a member of raft on ${cluster}: raftNodeId is not configured, or "${node.raftNodeId}" is wrong; ` +
      `raft knows: ${known === "" ? "nobody" : known}; set clusters[].nodes[].raftNodeId`,
  });
}
