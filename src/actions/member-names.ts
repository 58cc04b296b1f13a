import type { ListedMember } from "../lib/raft-members.ts";
import { matchRaftMembers } from "../lib/raft-members.ts";
import type { ActionContext } from "./action.ts";

/** Gives what people call each member: the name of its configured node, or its raft id when it matches none. */
export function memberNames(
  { cluster }: Pick<ActionContext, "cluster">,
  members: readonly ListedMember[],
): ReadonlyMap<string, string> {
  const { pairs } = matchRaftMembers(cluster.nodes, members);
  const names = pairs.map(({ node, member }) => [member.nodeId, node.name] as const);
  return new Map([...members.map(({ nodeId }) => [nodeId, nodeId] as const), ...names]);
}
