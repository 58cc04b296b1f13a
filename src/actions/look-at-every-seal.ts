import { FailureError } from "../lib/failure.ts";
import { quorum } from "../lib/quorum.ts";
import type { VaultNode } from "../vault/cluster.ts";
import type { ActionContext, Probe } from "./action.ts";
import { nodeRead } from "./node-read.ts";
import { unlessFailed } from "./unless-failed.ts";

type Seen = { readonly name: string; readonly word: "sealed" | "unsealed" | "silent" };

/**
 * Asks every node for its seal (no token). Only when every one says that it is sealed is the cluster sealed. A node that does not answer
 * leaves it unknown, even where its address refuses connections: it may be a network that is cut between us and it alone, behind which it
 * serves others; and an OpenBao standby goes on answering reads without a leader. Whoever looks at the machine can say so, and marks the
 * step as done.
 */
export async function lookAtEverySeal(context: ActionContext): Promise<Probe> {
  const { cluster } = context;
  await cluster.identity(nodeRead(context));
  const seen = await Promise.all(cluster.nodes.map(async (node) => await look(context, node)));
  const said = seen.map(({ name, word }) => `${name} ${WORDS[word]}`).join(", ");
  const open = seen.filter(({ word }) => word === "unsealed");
  if (open.length === 0) {
    const all = seen.length > 0 && seen.every(({ word }) => word === "sealed");
    if (all) return { verdict: "done", evidence: said };
    return { verdict: "unknown", evidence: `${said}; look at the machine of whoever does not answer` };
  }
  if (await isLeftByVault(context, open.length)) {
    const evidence = `${said}; nobody leads, and Vault seals active nodes only: stop the processes that are unsealed`;
    return { verdict: "unknown", evidence };
  }
  const evidence = `${said}; what was sealed may have been unsealed again by a restart, where the seal unseals itself`;
  return { verdict: "not-done", evidence };
}

const WORDS = { sealed: "is sealed", unsealed: "is unsealed", silent: "does not answer" } as const;

async function look(context: ActionContext, node: VaultNode): Promise<Seen> {
  const said = await unlessFailed(context, async () => await node.sealStatus(nodeRead(context)));
  if (said === undefined) return { name: node.name, word: "silent" };
  return { name: node.name, word: said.sealed ? "sealed" : "unsealed" };
}

/** Fewer than a quorum, without a leader: as far as sealing goes on Vault. */
async function isLeftByVault(context: ActionContext, open: number): Promise<boolean> {
  const { cluster } = context;
  if ((await cluster.product(nodeRead(context))) !== "vault" || open >= quorum(cluster.nodes.length)) return false;
  try {
    await cluster.activeNode(nodeRead(context));
    return false;
  } catch (error) {
    if (context.signal.aborted || !(error instanceof FailureError)) throw error;
    return error.reason === "no-leader";
  }
}
