import type { Client } from "pg";
import { z } from "zod";
import type { Timers } from "../../lib/clock.ts";
import type { Logger } from "../../lib/logger.ts";
import { wait } from "../../lib/wait.ts";
import type { Database } from "./database.ts";
import { postgresFailure } from "./failure.ts";

/** What a watch works with. `instance` is what we call ourselves in our own notifications, which we do not report. */
export type RunWatchDeps = {
  readonly database: Database;
  readonly instance: string;
  readonly timers: Timers;
  readonly logger: Logger;
};

/** Watches for changes of runs by other processes, on a connection of its own that begins with the first listener. */
export type RunWatch = {
  readonly watch: (listener: (runId: string) => void) => () => void;
  readonly close: () => Promise<void>;
};

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5000;
/** How long a connection may have been dead before we noticed, and some. */
const UNNOTICED_MS = 60_000;

/** What may have changed while nobody listened: every open run, and those that were written to since, for they may have ended. */
const MISSED = `
  SELECT id FROM sealwatch.runs
  WHERE open OR changed_at > clock_timestamp() - $1 * interval '1 millisecond' ORDER BY number`;

const Missed = z.object({ id: z.string() });

/** Creates a watch that is connected to nothing yet. */
export function createRunWatch(deps: RunWatchDeps): RunWatch {
  const listeners = new Set<(runId: string) => void>();
  const closing = new AbortController();
  let running: Promise<void> | undefined;
  const report = (runId: string): void => {
    for (const listener of listeners) listener(runId);
  };
  return {
    watch: (listener) => {
      listeners.add(listener);
      running ??= listenForever(deps, report, closing.signal);
      return () => void listeners.delete(listener);
    },
    close: async () => {
      closing.abort();
      await running;
    },
  };
}

async function listenForever(deps: RunWatchDeps, report: (runId: string) => void, closing: AbortSignal): Promise<void> {
  let lostAt = performance.now();
  let isTold = false;
  for (let failures = 0; !closing.aborted; failures += 1) {
    const client = deps.database.newClient("sealwatch-watch");
    const lost = lossOf(client, closing);
    try {
      await listen(client, deps.instance, report);
      if (isTold) deps.logger.info("changes of other instances are heard again");
      isTold = false;
      for (const runId of await readMissed(client, performance.now() - lostAt)) report(runId);
      failures = 0;
      await lost;
      lostAt = performance.now();
    } catch (error) {
      // Once an outage, not once a try.
      if (!isTold) logLoss(deps, error);
      isTold = true;
    }
    await client.end().catch(() => {});
    await wait(Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS), deps.timers, closing);
  }
}

async function listen(client: Client, instance: string, report: (runId: string) => void): Promise<void> {
  client.on("notification", ({ payload = "" }) => {
    const [from, ...runId] = payload.split(" ");
    if (from !== instance) report(runId.join(" "));
  });
  await client.connect();
  await client.query("LISTEN sealwatch_runs");
}

/** Settles when the connection is no more, or we close. Listened for from the start: an error that nobody hears would end the process. */
async function lossOf(client: Client, closing: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const settle = (): void => resolve();
  client.on("error", settle);
  client.on("end", settle);
  closing.addEventListener("abort", settle);
  await promise;
  closing.removeEventListener("abort", settle);
}

async function readMissed(client: Client, awayMs: number): Promise<readonly string[]> {
  const { rows } = await client.query(MISSED, [Math.round(awayMs + UNNOTICED_MS)]);
  return rows.map((row) => Missed.parse(row).id);
}

function logLoss({ database, logger }: RunWatchDeps, error: unknown): void {
  const { message } = postgresFailure({ what: "listen for changes", where: database.where }, error);
  logger.warn("changes of other instances are not heard until the connection is back", { why: message });
}
