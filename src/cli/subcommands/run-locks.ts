import type { Core } from "../../app/core.ts";
import { systemClock } from "../../app/system.ts";
import { formatDuration } from "../../lib/duration.ts";
import { suggestion } from "../../lib/nearest.ts";
import { EXIT } from "../io.ts";
import { table } from "../report.ts";
import { refused, withCore, type RunTerminal } from "../run/start-run.ts";
import { whoIsThere } from "../run/who-is-there.ts";

/** A cluster that a run has to itself, and what is known of that run. */
type HeldLock = {
  readonly cluster: string;
  readonly run: string;
  readonly since: number;
  readonly heldSeconds: number;
  readonly runbook: string | undefined;
  readonly state: string | undefined;
  readonly by: string | undefined;
};

/** Lists which run has which cluster to itself, since when, and who is in charge of it. */
export async function listLocks(
  terminal: Pick<RunTerminal, "io" | "settings" | "env">,
  { json }: { readonly json: boolean },
): Promise<number> {
  return await withCore(terminal, async (core) => {
    const locks = await readLocks(core);
    if (json) terminal.io.out(JSON.stringify(locks, undefined, 2));
    else for (const line of rows(locks)) terminal.io.out(line);
    return EXIT.fine;
  });
}

/** How a lock is broken. */
export type BreakLock = { readonly cluster: string; readonly reason: string; readonly json: boolean };

/** Takes the lock of a cluster away from the run that has it; an admin's work, which that run's timeline tells of. */
export async function breakLock(terminal: RunTerminal, { cluster, reason, json }: BreakLock): Promise<number> {
  const who = whoIsThere(terminal);
  return await withCore(terminal, async (core) => {
    const locks = await readLocks(core);
    const lock = locks.find((held) => held.cluster === cluster);
    if (lock === undefined) return noLock(terminal, cluster, json);
    if (!(await agreed(terminal, lock))) return EXIT.failed;
    const by = await who();
    const answer = await core.runs.ask({ type: "break-lock", runId: lock.run, by, reason });
    if (!answer.ok) return refused(terminal.io, answer, json);
    terminal.io.out(
      json
        ? JSON.stringify({ ...answer, by: by.name, cluster })
        : `${by.name}: cluster ${cluster} is free; run ${lock.run} must get it again before its next call`,
    );
    return EXIT.fine;
  });
}

async function agreed({ io, signal }: RunTerminal, lock: HeldLock): Promise<boolean> {
  io.err(`  run ${lock.run} (${lock.runbook ?? "?"}, ${lock.state ?? "?"}) has cluster ${lock.cluster} to itself`);
  io.err(`  since ${new Date(lock.since).toISOString()}, in charge is ${lock.by ?? "nobody known"}.`);
  io.err(
    "  Without the lock another run may change the cluster at the same time. What that run was approved for is void.",
  );
  if (!io.interactive) return true;
  const typed = (await io.ask("  type the cluster's name to take the lock away: ", signal))?.trim();
  if (typed === lock.cluster) return true;
  io.err("  that is not the cluster's name; nothing was changed");
  return false;
}

function noLock({ io, settings }: RunTerminal, cluster: string, json: boolean): number {
  const known = settings.config.clusters.map(({ name }) => name);
  const why = known.includes(cluster)
    ? `no run has cluster "${cluster}" to itself`
    : `there is no cluster "${cluster}"${suggestion(cluster, known)}`;
  return refused(io, { why, code: "not-now" }, json);
}

async function readLocks({ store, runs }: Core): Promise<readonly HeldLock[]> {
  const now = systemClock.now();
  return await Promise.all(
    (await store.locks.list()).map(async ({ cluster, runId, since }) => {
      const loaded = await runs.get(runId).catch(() => undefined);
      return {
        cluster,
        run: runId,
        since,
        heldSeconds: Math.round((now - since) / 1000),
        runbook: loaded?.run.runbook.id,
        state: loaded === undefined ? undefined : stateOf(loaded.run),
        by: loaded?.run.assignee.name,
      };
    }),
  );
}

function stateOf(run: NonNullable<Awaited<ReturnType<Core["runs"]["get"]>>>["run"]): string {
  return run.status === "open" ? run.phase.name : run.result;
}

function rows(locks: readonly HeldLock[]): readonly string[] {
  if (locks.length === 0) return ["no run has a cluster to itself"];
  return table([
    ["CLUSTER", "RUN", "RUNBOOK", "STATE", "HELD", "IN CHARGE"],
    ...locks.map(({ cluster, run, runbook, state, heldSeconds, by }) => [
      cluster,
      run,
      runbook ?? "?",
      state ?? "cannot be read",
      formatDuration(heldSeconds * 1000),
      by ?? "?",
    ]),
  ]);
}
