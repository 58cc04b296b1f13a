import type { Timestamp } from "../lib/clock.ts";
import { allSteps } from "../runbook/step-path.ts";
import type { RunEvent } from "./events.ts";
import type { Program } from "./program.ts";
import type { OpenRun, ResolvedCall } from "./run.ts";

/** A call that a step is about to ask for. */
type Requested = {
  readonly path: string;
  readonly call: ResolvedCall;
  readonly at: Timestamp;
  readonly program: Program;
};

/** Asks for a call's preconditions; before the first call of a run that wants the cluster to itself, for the cluster's lock. */
export function requestCall(run: OpenRun, { path, call, at, program }: Requested): RunEvent {
  const needed = !run.dryRun && !run.locked && wantsLock(run, program);
  return { type: needed ? "LockRequested" : "PlanRequested", at, step: path, call };
}

/** Says whether a run wants the cluster to itself: by its runbook's word, else when an action in it is disruptive or destructive. */
export function wantsLock({ runbook, included }: Pick<OpenRun, "runbook" | "included">, program: Program): boolean {
  if (runbook.lock !== undefined) return runbook.lock === "exclusive";
  return allSteps({ runbook, included }).some(({ step }) => {
    const danger = "do" in step ? program.actions.get(step.do)?.danger : undefined;
    return danger === "disruptive" || danger === "destructive";
  });
}
