import type { Timestamp } from "../lib/clock.ts";
import { exhaustive } from "../lib/exhaustive.ts";
import type { Attempt, OpenRun, Plan, ResolvedCall } from "./run.ts";

/** How often the cluster's lock is asked for while another run has it. */
const LOCK_EVERY_MS = 5000;

/**
 * Effect is what the engine wants done now. `key` names this very piece of work: as long as it stands in the list with the same key,
 * it is not begun again.
 */
export type Effect = { readonly key: string; readonly step: string } & (
  | { readonly type: "read"; readonly call: ResolvedCall }
  | { readonly type: "poll"; readonly call: ResolvedCall; readonly everyMs: number }
  | { readonly type: "lock"; readonly everyMs: number }
  | { readonly type: "preconditions"; readonly call: ResolvedCall }
  | { readonly type: "perform"; readonly plan: Plan; readonly attempt: Attempt; readonly withinMs: number }
  | { readonly type: "probe"; readonly plan: Plan; readonly attempt: Attempt }
);

/** Lists what an open run wants done now; at most one thing, since a run does one step at a time. */
// oxlint-disable-next-line complexity -- one case a phase
export function effects(run: OpenRun): readonly Effect[] {
  const { phase } = run;
  if (phase.name === "between") return [];
  const attempts = run.steps.find(({ id }) => id === phase.step)?.attempts ?? 0;
  const common = {
    step: phase.step,
    key: `${run.id}/${phase.step}/${attempts}.${run.gates.length}.${run.attempts}/${phase.name}`,
  };
  switch (phase.name) {
    case "checking":
      return [{ ...common, type: "read", call: phase.call }];
    case "waiting":
      return [{ ...common, type: "poll", call: phase.call, everyMs: phase.everyMs }];
    case "manual":
      return phase.watch === undefined
        ? []
        : [{ ...common, type: "poll", call: phase.watch.call, everyMs: phase.watch.everyMs }];
    case "locking":
      return [{ ...common, type: "lock", everyMs: LOCK_EVERY_MS }];
    case "planning":
      return [{ ...common, type: "preconditions", call: phase.call }];
    case "rechecking":
      return [{ ...common, type: "preconditions", call: phase.gate.plan.call }];
    case "attempted":
      return [perform(phase, common.step)];
    case "probing":
      return [{ ...common, type: "probe", plan: phase.plan, attempt: phase.attempt }];
    case "gate":
    case "held":
    case "asking":
    case "unknown":
    case "stuck":
      return [];
    default:
      return exhaustive(phase);
  }
}

/** When time alone changes the run: the end of an abort, the gate's expiry or the wait's deadline; undefined when it never does. */
export function wakeAt({ phase, cancelling }: OpenRun): Timestamp | undefined {
  if (cancelling !== undefined) return cancelling.deadline;
  if (phase.name === "gate") return phase.gate.expiresAt;
  if (phase.name === "waiting") return phase.deadline;
  return undefined;
}

function perform({ plan, attempt }: Extract<OpenRun["phase"], { name: "attempted" }>, step: string): Effect {
  return { key: attempt.id, step, type: "perform", plan, attempt, withinMs: attempt.deadline - attempt.at };
}
