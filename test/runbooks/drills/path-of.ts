import type { LoadedRun } from "../../../src/runner/ports.ts";

/** The steps that a run began, in the runbook's order. */
export function pathOf({ run }: LoadedRun): readonly string[] {
  return run.steps.filter(({ attempts }) => attempts > 0).map(({ id }) => id);
}

/** What people read of a step. */
export function textOf({ run }: LoadedRun, step: string): string {
  return run.steps.find(({ id }) => id === step)?.text ?? "";
}
