import { z } from "zod";
import type { VaultNode } from "../../vault/cluster.ts";
import type { ActionContext } from "../action.ts";
import { defineCheck } from "../action.ts";
import { unlessFailed } from "../unless-failed.ts";

/**
 * How long one node may take, in milliseconds. It is short because one that hangs must not hide for long that another one is open: asked
 * every second, a node that was unsealed is seen within four.
 */
const WORD_MS = 1500;

type Word = { readonly name: string; readonly is: "open" | "shut" | "silent" };

/**
 * Looks for nodes that are unsealed, quickly and again and again: the guard over a cluster that was sealed on purpose. One that is unsealed
 * counts whether it leads or not, because OpenBao's standbys answer reads without a leader.
 */
export const openNodes = defineCheck({
  name: "vault.open-nodes",
  summary: "Look quickly for nodes that are unsealed",
  input: z.strictObject({}),
  output: z.object({
    /** One at least is unsealed: whoever has a token may get secrets from it. */
    open: z.boolean(),
    open_nodes: z.array(z.string()),
    /** Say themselves that they are sealed or empty. */
    shut: z.int(),
    /** Gave no answer in 1.5 s. That proves nothing: a stopped process, or a network that is cut between us and it alone. */
    silent: z.int(),
    silent_nodes: z.array(z.string()),
    expected: z.int(),
  }),
  policy: [],
  read: async (context) => {
    const words = await Promise.all(context.cluster.nodes.map(async (node) => await ask(context, node)));
    const names = (is: Word["is"]): string[] => words.filter((word) => word.is === is).map(({ name }) => name);
    return {
      open: names("open").length > 0,
      open_nodes: names("open"),
      shut: names("shut").length,
      silent: names("silent").length,
      silent_nodes: names("silent"),
      expected: words.length,
    };
  },
});

async function ask({ signal }: ActionContext, node: VaultNode): Promise<Word> {
  const said = await unlessFailed({ signal }, async () => await node.sealStatus({ signal, timeoutMs: WORD_MS }));
  if (said === undefined) return { name: node.name, is: "silent" };
  return { name: node.name, is: said.sealed || !said.initialized ? "shut" : "open" };
}
