import { toFailure, FailureError } from "../lib/failure.ts";
import type { Failure, FailureReason } from "../lib/failure.ts";
import { quorum } from "../lib/quorum.ts";
import type { VaultNode } from "../vault/cluster.ts";
import type { ActionContext } from "./action.ts";
import { nodeRead } from "./node-read.ts";
import type { NodeReading } from "./node-state.ts";
import { readNodeStates } from "./node-state.ts";
import { waitForLeader } from "./wait-for-leader.ts";

/** What became of one node: the server's answer, which only a look at the node proves. */
export type NodeSeal = {
  readonly node: VaultNode;
  readonly result: "sealed" | "was-sealed" | "not-sealed";
  /** Whether it was called at all; one that did not answer before is not. */
  readonly called: boolean;
  readonly failure: Failure | undefined;
};

/**
 * Seals the standbys and then the active node, each at its own address: OpenBao's way. The active node comes last because a node that loses
 * its leadership takes the call only after a second. A node that fails does not keep the others from being sealed.
 */
export async function sealStandbysFirst(context: ActionContext, active: VaultNode): Promise<readonly NodeSeal[]> {
  const readings = await readNodeStates(context);
  const order = [...readings].sort(
    (left, right) => Number(left.node.name === active.name) - Number(right.node.name === active.name),
  );
  const done: NodeSeal[] = [];
  for (const reading of order) done.push(await sealIfOpen(context, reading));
  return done;
}

/**
 * Seals whoever leads, waits for the next leader, and so on: Vault seals the active node only. It ends when fewer nodes than a quorum of
 * `voters` are left, because then nobody can lead any more; these stay unsealed.
 */
export async function sealLeaderAfterLeader(context: ActionContext, voters: number): Promise<readonly NodeSeal[]> {
  const readings = await readNodeStates(context);
  const done = new Map<string, NodeSeal>();
  const isLeft = ({ node, state }: NodeReading): boolean =>
    state !== "sealed" && state !== "removed" && state !== "uninitialized" && done.get(node.name)?.result !== "sealed";
  while (readings.filter(isLeft).length >= quorum(voters)) {
    const leader = await waitForLeader(context);
    if (leader === undefined || done.has(leader.name)) break;
    done.set(leader.name, await sealNow(context, leader));
  }
  return readings.map((reading) => done.get(reading.node.name) ?? untouched(reading));
}

/** By these a server says clearly that it sealed nothing. */
const CLEAR: readonly FailureReason[] = ["denied", "rate-limited", "refused", "sealed", "standby", "not-found"];

/** Throws when every call failed: the failure after which nobody knows, if there is one, else the first. */
export function throwIfNothingWasSealed(done: readonly NodeSeal[]): void {
  if (done.some(({ result }) => result === "sealed")) return;
  const failures = done.flatMap(({ called, failure }) => (called && failure !== undefined ? [failure] : []));
  const unclear = failures.find(({ reason }) => !CLEAR.includes(reason));
  const [first] = failures;
  const failure = unclear ?? first;
  if (failure !== undefined) throw new FailureError(failure);
}

async function sealIfOpen(context: ActionContext, reading: NodeReading): Promise<NodeSeal> {
  return reading.state === "unsealed" ? await sealNow(context, reading.node) : untouched(reading);
}

async function sealNow(context: ActionContext, node: VaultNode): Promise<NodeSeal> {
  try {
    await node.seal({ signal: context.signal });
    return { node, called: true, result: "sealed", failure: undefined };
  } catch (error) {
    if (context.signal.aborted || !(error instanceof FailureError)) throw error;
    // OpenBao now and then dies of being sealed, before it answers: the node's own word counts.
    const seal = await node.sealStatus(nodeRead(context)).catch(() => undefined);
    if (seal?.sealed === true) return { node, called: true, result: "sealed", failure: undefined };
    return { node, called: true, result: "not-sealed", failure: toFailure(error) };
  }
}

function untouched({ node, state, failure }: NodeReading): NodeSeal {
  const sealed = state === "sealed" || state === "removed" || state === "uninitialized";
  return { node, called: false, result: sealed ? "was-sealed" : "not-sealed", failure: failure && toFailure(failure) };
}
