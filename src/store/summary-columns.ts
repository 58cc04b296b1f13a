import { z } from "zod";
import type { ListedRun, RunSummary } from "../runner/ports.ts";

/** The columns of the table `runs` that hold a run's summary; the same in every database. */
export const COLUMNS = [
  "runbook",
  "cluster",
  "state",
  "phase",
  "started_at",
  "started_by",
  "finished_at",
  "drill",
  "driver",
] as const;

/** Gives a summary as values of `COLUMNS`, by name. Truth is 0 or 1, which every database takes. */
export function columnsOf(summary: RunSummary): Record<(typeof COLUMNS)[number], string | number | null> {
  return {
    runbook: summary.runbook,
    cluster: summary.cluster,
    state: summary.state,
    phase: summary.phase,
    started_at: summary.startedAt,
    started_by: summary.startedBy,
    finished_at: summary.finishedAt ?? null,
    drill: Number(summary.drill),
    driver: summary.driver,
  };
}

/** PostgreSQL gives 64-bit integers as text, and has a type for truth; SQLite has neither. */
const Integer = z.coerce.number();

const Row = z.object({
  id: z.string(),
  version: Integer,
  runbook: z.string(),
  cluster: z.string(),
  state: z.string(),
  phase: z.string(),
  started_at: Integer,
  started_by: z.string(),
  finished_at: Integer.nullable(),
  drill: z.union([z.boolean(), z.number()]).transform(Boolean),
  driver: z.string(),
});

/** Reads a row of the table `runs` as a list shows it. */
export const Listed = Row.transform((row): ListedRun => ({
  id: row.id,
  version: row.version,
  summary: {
    runbook: row.runbook,
    cluster: row.cluster,
    state: row.state,
    phase: row.phase,
    startedAt: row.started_at,
    startedBy: row.started_by,
    finishedAt: row.finished_at ?? undefined,
    drill: row.drill,
    driver: row.driver,
  },
}));
