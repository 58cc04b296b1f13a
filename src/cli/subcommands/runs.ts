import { viewRun } from "../../engine/view.ts";
import type { LoadedRun } from "../../runner/ports.ts";
import { EXIT } from "../io.ts";
import { table } from "../report.ts";
import { withCore, type RunTerminal } from "../run/start-run.ts";

/** Lists runs, newest first. */
export async function listRuns(
  terminal: Pick<RunTerminal, "io" | "settings" | "env">,
  { json, limit }: { readonly json: boolean; readonly limit: number },
): Promise<number> {
  return await withCore(terminal, async (core) => {
    const runs = await core.runs.list({ limit });
    if (json) terminal.io.out(JSON.stringify(runs.map(asJson), undefined, 2));
    else for (const line of rows(runs)) terminal.io.out(line);
    return EXIT.fine;
  });
}

function rows(runs: readonly LoadedRun[]): readonly string[] {
  if (runs.length === 0) return ["no runs"];
  return table([
    ["RUN", "RUNBOOK", "CLUSTER", "STATE", "STARTED", "BY", ""],
    ...runs.map(({ run }) => {
      const view = viewRun(run);
      return [
        run.id,
        run.runbook.id,
        run.cluster,
        `${view.state}${marks(run)}`,
        new Date(run.startedAt).toISOString(),
        run.startedBy.name,
        view.stateText,
      ];
    }),
  ]);
}

function marks({ dryRun, drill }: LoadedRun["run"]): string {
  return `${dryRun ? " (dry run)" : ""}${drill ? " (drill)" : ""}`;
}

function asJson({ run, version, head }: LoadedRun): unknown {
  const view = viewRun(run);
  return {
    id: run.id,
    runbook: run.runbook.id,
    cluster: run.cluster,
    state: view.state,
    text: view.stateText,
    startedAt: run.startedAt,
    startedBy: run.startedBy,
    assignee: run.assignee,
    dryRun: run.dryRun,
    drill: run.drill,
    version,
    head: `sha256:${head}`,
  };
}
