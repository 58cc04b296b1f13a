import { viewRun } from "../../engine/view.ts";
import type { LoadedRun } from "../../runner/ports.ts";
import { EXIT, type Io } from "../io.ts";
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

/** Recomputes the chain of a run's timeline; exit code 1 when an entry does not fit. */
export async function verifyRun(
  terminal: { readonly io: Io } & Pick<RunTerminal, "settings" | "env">,
  runId: string,
): Promise<number> {
  return await withCore(terminal, async (core) => {
    const loaded = await core.runs.get(runId);
    if (loaded === undefined) {
      terminal.io.err(`sealwatch: there is no run "${runId}"`);
      return EXIT.badInput;
    }
    const broken = await core.store.runs.verify(runId);
    if (broken === undefined)
      terminal.io.out(`${runId}: ${loaded.version} entries, chain whole, head sha256:${loaded.head}`);
    else
      terminal.io.err(
        `${runId}: entry ${broken} does not fit the chain: the timeline was changed after it was written`,
      );
    return broken === undefined ? EXIT.fine : EXIT.failed;
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
        view.state,
        new Date(run.startedAt).toISOString(),
        run.startedBy.name,
        view.stateText,
      ];
    }),
  ]);
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
    version,
    head: `sha256:${head}`,
  };
}
