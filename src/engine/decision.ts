import type { Failure } from "../lib/failure.ts";
import type { RunEvent } from "./events.ts";
import { evolve } from "./evolve.ts";
import type { OpenRun, Run } from "./run.ts";

/** Why a command was refused: a closed list, for metrics and for whoever answers in another language. */
export const REFUSALS = [
  "no-such-run",
  "ended",
  "not-now",
  "role",
  "group",
  "self-approval",
  "voted-already",
  "closed",
  "expired",
  "changed",
  "phrase",
  "break-glass",
  "reason-missing",
  "answer",
] as const;

/** One of `REFUSALS`. */
export type RefusalCode = (typeof REFUSALS)[number];

/** A refusal: a sentence that the person sees, and its kind. */
export type Refused = { readonly refused: string; readonly code: RefusalCode };

/** What a command leads to: events, or a refusal. */
export type Decision = { readonly events: readonly RunEvent[] } | Refused;

/** Nothing changes: a late or repeated answer. */
export const nothing: Decision = { events: [] };

/** The command is not carried out, and why. */
export function refuse(code: RefusalCode, why: string): Refused {
  return { refused: why, code };
}

/** These events happen. */
export function happened(...events: readonly RunEvent[]): Decision {
  return { events };
}

/** Events happen, and what follows is decided on the state after them. */
export function followedBy(
  run: Run,
  events: readonly RunEvent[],
  next: (run: OpenRun) => readonly RunEvent[],
): readonly RunEvent[] {
  let state = run;
  for (const event of events) state = evolve(state, event);
  return state.status === "open" ? [...events, ...next(state)] : events;
}

/** A refusal by the rules of the run, in the form of a failure. */
export function refusal(message: string): Failure {
  return { reason: "refused", message, retryable: false };
}
