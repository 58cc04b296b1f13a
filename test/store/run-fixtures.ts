import type { RunEvent } from "../../src/engine/events.ts";
import type { RunSummary } from "../../src/runner/ports.ts";

/** Makes an event that says something, with a text that shows which one it is. */
export function said(text: string, at = 1): RunEvent {
  return { type: "Said", at, text, by: { id: "alice", name: "Alice" } };
}

/** Makes the event that ends a run. */
export function finished(at = 9): RunEvent {
  return { type: "RunFinished", at, result: "resolved", text: "done", by: undefined };
}

/** Makes the summary of a run that does something. */
export function summary(changes: Partial<RunSummary> = {}): RunSummary {
  return {
    runbook: "sealed-node",
    cluster: "prod",
    state: "running",
    phase: "checking",
    startedAt: 1,
    startedBy: "alice",
    finishedAt: undefined,
    drill: false,
    driver: "here:7:abc",
    ...changes,
  };
}

/** Makes the summary of a run that ended. */
export function ended(changes: Partial<RunSummary> = {}): RunSummary {
  return summary({ state: "resolved", phase: "finished", finishedAt: 9, ...changes });
}
