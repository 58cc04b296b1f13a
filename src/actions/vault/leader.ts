import { z } from "zod";
import { FailureError } from "../../lib/failure.ts";
import type { SysLeader } from "../../vault/endpoints/sys-leader.ts";
import type { VaultNode } from "../../vault/cluster.ts";
import type { ActionContext } from "../action.ts";
import { defineCheck } from "../action.ts";
import { nodeRead } from "../node-read.ts";

type Word = { readonly node: VaultNode; readonly leader: SysLeader };

/** Asks every node who leads; only a node's word about itself makes it the leader. */
export const leader = defineCheck({
  name: "vault.leader",
  summary: "Ask every node who leads",
  input: z.strictObject({}),
  output: z.object({
    /** A node calls itself active. */
    known: z.boolean(),
    /** Its configured name; empty when not known. Of two it is the one that became active last. */
    node: z.string(),
    /** Its address; when not known, the address that other nodes still name: a leader that we cannot reach, or one that died just now. */
    address: z.string(),
    /** Nodes that call themselves active; two of them are an election under way. */
    active_nodes: z.int(),
    /** Nodes that answered at all; sealed ones cannot. */
    answered: z.int(),
  }),
  policy: [],
  read: async (context) => {
    const words = (await Promise.all(context.cluster.nodes.map(async (node) => await ask(context, node)))).flat();
    const [active] = words.filter(({ leader }) => leader.isSelf).sort(latestFirst);
    const named = words.find(({ leader }) => leader.leaderAddress !== "")?.leader.leaderAddress;
    return {
      known: active !== undefined,
      node: active?.node.name ?? "",
      address: active?.node.address ?? named ?? "",
      active_nodes: words.filter(({ leader }) => leader.isSelf).length,
      answered: words.length,
    };
  },
});

async function ask(context: ActionContext, node: VaultNode): Promise<Word[]> {
  try {
    return [{ node, leader: await node.leader(nodeRead(context)) }];
  } catch (error) {
    if (context.signal.aborted || !(error instanceof FailureError)) throw error;
    return [];
  }
}

function latestFirst(left: Word, right: Word): number {
  return (right.leader.activeTime ?? "").localeCompare(left.leader.activeTime ?? "");
}
