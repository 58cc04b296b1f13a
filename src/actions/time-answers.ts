import type { Clock } from "../lib/clock.ts";
import { FailureError, type FailureReason } from "../lib/failure.ts";
import type { VaultNode } from "../vault/cluster.ts";
import { tokenLookupSelf } from "../vault/endpoints/token-lookup-self.ts";
import type { ActionContext } from "./action.ts";
import { nodeRead } from "./node-read.ts";
import { readNodeState } from "./node-state.ts";

/** What the token for reading must permit to time an answer. */
export const ANSWER_TIME_POLICY = [{ path: "auth/token/lookup-self", capabilities: ["read"] }] as const;

/**
 * How a small read with a token went. `refused` is an answer: Vault writes a request down before it refuses it, so auditing works. `hung` gave no
 * answer in 2 s, `failed` was answered with an error of the server. `sealed` and `silent` nodes were not asked.
 */
export type AnswerOutcome = "answered" | "refused" | "hung" | "failed" | "sealed" | "silent";

/** How long a node took to answer, in milliseconds; the times are 0 where it was not asked. */
export type TimedNode = {
  readonly node: string;
  readonly active: boolean;
  readonly health_ms: number;
  readonly outcome: AnswerOutcome;
  /** The slowest of the reads; of one that hung, how long we waited. */
  readonly answer_ms: number;
};

const OUTCOMES: Partial<Record<FailureReason, AnswerOutcome>> = {
  timeout: "hung",
  sealed: "sealed",
  unreachable: "silent",
  denied: "refused",
  "not-found": "refused",
  refused: "refused",
};

/**
 * Times `sys/health`, which is not audited, and then some reads of `auth/token/lookup-self`, which are, one after the other until one is not
 * answered. A node that hangs or refuses is a result and no failure; only an ended signal is thrown.
 */
export async function timeAnswers(context: ActionContext, node: VaultNode, reads: number): Promise<TimedNode> {
  const { clock } = context;
  const healthAt = clock.now();
  const { state, health } = await readNodeState(context, node);
  const seen = { node: node.name, active: health?.standby === false && state === "unsealed" };
  if (health === undefined) return { ...seen, health_ms: 0, outcome: "silent", answer_ms: 0 };
  const timed = { ...seen, health_ms: clock.now() - healthAt };
  if (state !== "unsealed") return { ...timed, outcome: "sealed", answer_ms: 0 };
  let slowest = 0;
  for (let read = 0; read < reads; read++) {
    const { outcome, tookMs } = await timeRead(context, node, clock);
    slowest = Math.max(slowest, tookMs);
    if (outcome !== "answered") return { ...timed, outcome, answer_ms: slowest };
  }
  return { ...timed, outcome: "answered", answer_ms: slowest };
}

type TimedRead = { readonly outcome: AnswerOutcome; readonly tookMs: number };

async function timeRead(context: ActionContext, node: VaultNode, clock: Clock): Promise<TimedRead> {
  const askedAt = clock.now();
  try {
    await node.read(tokenLookupSelf, nodeRead(context));
    return { outcome: "answered", tookMs: clock.now() - askedAt };
  } catch (error) {
    if (context.signal.aborted || !(error instanceof FailureError)) throw error;
    return { outcome: OUTCOMES[error.reason] ?? "failed", tookMs: clock.now() - askedAt };
  }
}
