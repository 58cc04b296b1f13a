import { FailureError, toFailure } from "../lib/failure.ts";
import type { VaultNode } from "./cluster.ts";
import type { SysLeader } from "./endpoints/sys-leader.ts";
import type { CallOptions } from "./transport.ts";

/** How long the others may still speak after one said that it leads: a hung node must not hold up every question. */
const GRACE_MS = 500;

type Word =
  { readonly node: VaultNode; readonly leader: SysLeader } | { readonly node: VaultNode; readonly why: string };

/**
 * Finds the active node by asking `sys/leader` on every node: the one that says so of itself, and of two the one that became
 * active later, because a leader that was cut off says so until it notices. The only node of a cluster without high availability serves
 * alone, though it never calls itself the leader. Throws reason `no-leader` with what each node said, or `aborted`/`timeout` when the
 * caller's signal ended first.
 */
export async function findActiveNode(
  cluster: string,
  nodes: readonly VaultNode[],
  options: CallOptions = {},
): Promise<VaultNode> {
  const words = await askAll(nodes, options);
  const claims = words.flatMap((word) => ("leader" in word && word.leader.isSelf ? [word] : []));
  const [latest] = claims.sort((left, right) => activeSince(right.leader) - activeSince(left.leader));
  if (latest !== undefined) return latest.node;
  const [only, ...others] = words;
  if (only !== undefined && others.length === 0 && (await servesAlone(only, options))) return only.node;
  if (options.signal?.aborted === true) throw gaveUp(cluster, options.signal);
  throw new FailureError({
    reason: "no-leader",
    retryable: true,
    message:
      `cannot find the active node of ${cluster}: none says it is active (${words.map(describe).join(", ")}); ` +
      `unseal or start nodes until a majority of the voters serves`,
  });
}

async function askAll(nodes: readonly VaultNode[], options: CallOptions): Promise<Word[]> {
  const enough = new AbortController();
  const signal = options.signal === undefined ? enough.signal : AbortSignal.any([options.signal, enough.signal]);
  let grace: NodeJS.Timeout | undefined;
  const words = await Promise.all(
    nodes.map(async (node) => {
      const word = await ask(node, { ...options, signal });
      if ("leader" in word && word.leader.isSelf) grace ??= setTimeout(() => enough.abort(), GRACE_MS);
      return word;
    }),
  );
  clearTimeout(grace);
  return words;
}

async function ask(node: VaultNode, options: CallOptions): Promise<Word> {
  try {
    return { node, leader: await node.leader(options) };
  } catch (error) {
    return { node, why: toFailure(error).reason };
  }
}

/** Without high availability a node says the same of its leader sealed and unsealed. */
async function servesAlone(word: Word, options: CallOptions): Promise<boolean> {
  if (!("leader" in word) || word.leader.haEnabled) return false;
  const seal = await word.node.sealStatus(options).catch(() => undefined);
  return seal?.sealed === false;
}

function activeSince({ activeTime }: SysLeader): number {
  return activeTime === undefined ? 0 : Date.parse(activeTime);
}

function describe(word: Word): string {
  if ("why" in word) return `${word.node.name}: ${word.why}`;
  if (!word.leader.haEnabled) return `${word.node.name}: high availability is off`;
  const { leaderAddress } = word.leader;
  // A standby goes on naming a leader that is dead, so this is what it says and not where we ask.
  return `${word.node.name}: standby, ${leaderAddress === "" ? "knows of no leader" : `names ${leaderAddress}`}`;
}

function gaveUp(cluster: string, signal: AbortSignal): FailureError {
  const late = (signal.reason as Error | undefined)?.name === "TimeoutError";
  return new FailureError({
    reason: late ? "timeout" : "aborted",
    retryable: true,
    message: `cannot find the active node of ${cluster}: ${late ? "the time was over" : "the caller gave up"}; try again`,
  });
}
