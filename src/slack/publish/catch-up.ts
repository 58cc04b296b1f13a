import type { Clock } from "../../lib/clock.ts";
import { toFailure } from "../../lib/failure.ts";
import type { Logger } from "../../lib/logger.ts";
import type { AlertStore, LoadedRun, RunService } from "../../runner/ports.ts";
import type { Delay } from "../delay.ts";

/** What looking at the past needs. */
export type CatchUpOptions = {
  readonly runs: RunService;
  readonly alerts: AlertStore;
  readonly clock: Clock;
  readonly delay: Delay;
  readonly signal: AbortSignal;
  readonly logger: Logger;
  /** Hears which alert group a run belongs to, before anything is touched. */
  readonly noteGroup: (runId: string, group: string) => void;
  /** Hears of a subject (`run:R1`, `alert:<group key>`) that may be untrue in Slack. */
  readonly touch: (subject: string) => void;
};

const DAY_MS = 24 * 60 * 60_000;
const OPEN_RUNS = 1000;
const RECENT_RUNS = 200;
const LONGEST_PAUSE_MS = 60_000;

/** Touches everything that a process before this one may have left untrue. A list that cannot be read holds up no other, and is read again. */
export async function catchUp(options: CatchUpOptions): Promise<void> {
  const { delay, signal } = options;
  for (let failures = 0; !signal.aborted && !(await look(options)); failures++)
    await delay(Math.min(LONGEST_PAUSE_MS, 500 * 2 ** failures), signal);
}

/** Says whether all lists could be read. */
async function look(options: CatchUpOptions): Promise<boolean> {
  const { runs, alerts, clock, noteGroup, touch } = options;
  const groups = await tried(options, "alerts", async () => await alerts.list());
  const recent = await tried(options, "recent runs", async () => await runs.list({ limit: RECENT_RUNS }));
  const open = await tried(options, "open runs", async () => await runs.list({ open: true, limit: OPEN_RUNS }));
  const listed: readonly LoadedRun[] = [...(recent ?? []), ...(open ?? [])];
  for (const { run } of listed.toReversed())
    if (run.origin.alertGroup !== undefined) noteGroup(run.id, run.origin.alertGroup);
  for (const { key } of groups ?? []) touch(`alert:${key}`);
  for (const { run } of listed)
    if (run.status === "open" || run.finishedAt > clock.now() - DAY_MS) touch(`run:${run.id}`);
  return groups !== undefined && recent !== undefined && open !== undefined;
}

async function tried<T>(
  { logger }: CatchUpOptions,
  what: string,
  read: () => Promise<readonly T[]>,
): Promise<readonly T[] | undefined> {
  try {
    return await read();
  } catch (error) {
    logger.error("cannot read what slack should show; trying again", { what, error: toFailure(error).message });
    return undefined;
  }
}
