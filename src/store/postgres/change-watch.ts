import type { Client } from "pg";
import { z } from "zod";
import type { Timers } from "../../lib/clock.ts";
import type { Logger } from "../../lib/logger.ts";
import { wait } from "../../lib/wait.ts";
import type { Bell } from "../bell.ts";
import type { Database } from "./database.ts";
import { postgresFailure } from "./failure.ts";

/** What a watch works with. `instance` is what we call ourselves in our own notifications, which we do not report. */
export type ChangeWatchDeps = {
  readonly database: Database;
  readonly instance: string;
  readonly bell: Bell;
  readonly timers: Timers;
  readonly logger: Logger;
};

/**
 * Watches for changes by other processes, on a connection of its own that begins with the first listener. The bell rings for whatever they noted
 * in the outbox, as it does for our own notes.
 */
export type ChangeWatch = {
  readonly watchRuns: (listener: (runId: string) => void) => () => void;
  readonly watchOutbox: Bell["watch"];
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

type Report = (runId: string) => void;

/** Creates a watch that is connected to nothing yet. */
export function createChangeWatch(deps: ChangeWatchDeps): ChangeWatch {
  const listeners = new Set<Report>();
  const closing = new AbortController();
  let running: Promise<void> | undefined;
  const report: Report = (runId) => {
    for (const listener of listeners) listener(runId);
  };
  const begin = (): void => void (running ??= listenForever(deps, report, closing.signal));
  return {
    watchRuns: (listener) => {
      listeners.add(listener);
      begin();
      return () => void listeners.delete(listener);
    },
    watchOutbox: (listener) => {
      begin();
      return deps.bell.watch(listener);
    },
    close: async () => {
      closing.abort();
      await running;
    },
  };
}

async function listenForever(deps: ChangeWatchDeps, report: Report, closing: AbortSignal): Promise<void> {
  let lostAt = performance.now();
  let isTold = false;
  for (let failures = 0; !closing.aborted; failures += 1) {
    const client = deps.database.newClient("sealwatch-watch");
    const lost = lossOf(client, closing);
    try {
      await listen(client, deps, report);
      if (isTold) deps.logger.info("changes of other instances are heard again");
      isTold = false;
      for (const runId of await readMissed(client, performance.now() - lostAt)) report(runId);
      deps.bell.ring();
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

/** Every append notes its run in the outbox, so that what tells of a run tells of the outbox too. */
async function listen(client: Client, { instance, bell }: ChangeWatchDeps, report: Report): Promise<void> {
  client.on("notification", ({ channel, payload = "" }) => {
    const [from, ...runId] = payload.split(" ");
    if (from === instance) return;
    if (channel === "sealwatch_runs") report(runId.join(" "));
    bell.ring();
  });
  await client.connect();
  await client.query("LISTEN sealwatch_runs; LISTEN sealwatch_outbox");
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

function logLoss({ database, logger }: ChangeWatchDeps, error: unknown): void {
  const { message } = postgresFailure({ what: "listen for changes", where: database.where }, error);
  logger.warn("changes of other instances are not heard until the connection is back", { why: message });
}
