import type { FinishedRun, OpenRun } from "../engine/run.ts";
import { viewRun } from "../engine/view.ts";
import type { RunSummary } from "./ports.ts";

/** Gives what lists and metrics need of a run. */
export function summarize(run: OpenRun | FinishedRun): RunSummary {
  return {
    runbook: run.runbook.id,
    cluster: run.cluster,
    state: viewRun(run).state,
    phase: run.status === "open" ? run.phase.name : "finished",
    startedAt: run.startedAt,
    startedBy: run.startedBy.name,
    finishedAt: run.status === "finished" ? run.finishedAt : undefined,
    drill: run.drill,
    driver: run.driver,
  };
}
