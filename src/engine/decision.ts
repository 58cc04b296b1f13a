import type { Failure } from "../lib/failure.ts";
import type { RunEvent } from "./events.ts";
import { evolve } from "./evolve.ts";
import type { OpenRun, Run } from "./run.ts";

/** What a command leads to: events, or a refusal in a sentence that the person sees. */
export type Decision = { readonly events: readonly RunEvent[] } | { readonly refused: string };

/** Nothing changes: a late or repeated answer. */
export const nothing: Decision = { events: [] };

/** The command is not carried out, and why. */
export function refuse(why: string): Decision {
  return { refused: why };
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
