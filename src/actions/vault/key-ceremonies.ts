import { z } from "zod";
import type { VaultNode } from "../../vault/cluster.ts";
import { defineCheck, type ActionContext } from "../action.ts";
import { CEREMONY_POLICY, readCeremonyPrecondition } from "../ceremony-precondition.ts";
import { nodeRead } from "../node-read.ts";
import { unlessFailed } from "../unless-failed.ts";

/**
 * Looks for what key holders are in the middle of: new key shares, a root token, or the migration to another seal. Nothing should be
 * restarted under them: their progress is kept in memory. One that the token may not see is let pass, and said.
 */
export const keyCeremonies = defineCheck({
  name: "vault.key-ceremonies",
  summary: "Look for key ceremonies under way",
  input: z.strictObject({}),
  output: z.object({
    /** Key shares or a root token are being made, or a seal migration is pending. */
    under_way: z.boolean(),
    /** In words, for people. */
    summary: z.string(),
    /** Nodes on which a seal migration is pending. */
    migrating_names: z.array(z.string()),
  }),
  policy: CEREMONY_POLICY,
  read: async (context) => {
    const active = await context.cluster.activeNode(nodeRead(context));
    const [{ ok, text }, words] = await Promise.all([
      readCeremonyPrecondition(context, active),
      Promise.all(context.cluster.nodes.map(async (node) => await askNode(context, node))),
    ]);
    const names = (wanted: Word["is"]): string[] => words.filter(({ is }) => is === wanted).map(({ name }) => name);
    const migrating = names("migrating");
    const silent = names("silent");
    const told = [
      text,
      ...(migrating.length === 0 ? [] : [`a seal migration is pending on ${migrating.join(", ")}`]),
      ...(silent.length === 0 ? [] : [`whether one is pending on ${silent.join(", ")} is not known: no answer`]),
    ];
    return { under_way: !ok || migrating.length > 0, summary: told.join("; "), migrating_names: migrating };
  },
});

type Word = { readonly name: string; readonly is: "migrating" | "settled" | "silent" };

async function askNode(context: ActionContext, node: VaultNode): Promise<Word> {
  const said = await unlessFailed(context, async () => await node.sealStatus(nodeRead(context)));
  if (said === undefined) return { name: node.name, is: "silent" };
  return { name: node.name, is: said.migration ? "migrating" : "settled" };
}
