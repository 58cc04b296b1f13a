import type { VaultNode } from "../vault/cluster.ts";
import type { SysLeader } from "../vault/endpoints/sys-leader.ts";
import type { ActionContext } from "./action.ts";
import { nodeRead } from "./node-read.ts";
import { unlessFailed } from "./unless-failed.ts";

/** What one node says in `sys/leader`; undefined when it does not: sealed, or silent. */
export type LeaderWord = { readonly node: VaultNode; readonly said: SysLeader | undefined };

/** Asks `sys/leader` on every node at once (no token), in the configuration's order. An ended signal is thrown. */
export async function readLeaderWords(context: ActionContext): Promise<readonly LeaderWord[]> {
  return await Promise.all(
    context.cluster.nodes.map(async (node) => ({
      node,
      said: await unlessFailed(context, async () => await node.leader(nodeRead(context))),
    })),
  );
}

/**
 * Tells whom a node names as leader: the name of a configured node, the address when it is none of ours, or empty. A standby goes on naming
 * a dead leader, for as long as there is no other.
 */
export function namedBy({ node, said }: LeaderWord, words: readonly LeaderWord[]): string {
  if (said === undefined) return "";
  if (said.isSelf) return node.name;
  const known = words.find((other) => addressesOf(other).includes(originOf(said.leaderAddress)));
  return known?.node.name ?? said.leaderAddress;
}

/** A leader may call itself by another address than the configured one (on Kubernetes by that of its pod). */
function addressesOf({ node, said }: LeaderWord): readonly string[] {
  return [node.address, ...(said?.isSelf === true ? [said.leaderAddress] : [])].map(originOf);
}

function originOf(address: string): string {
  return URL.canParse(address) ? new URL(address).origin : address;
}
