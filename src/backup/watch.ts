import type { Clock, Timers, Timestamp } from "../lib/clock.ts";
import { formatDuration } from "../lib/duration.ts";
import { FailureError, toFailure, type Failure } from "../lib/failure.ts";
import type { BackupDestination, BackupListing } from "./destination.ts";

/** BackupState is what is known of a destination at the moment. */
export type BackupState = {
  /** What the last listing found; undefined when it failed, and before the first has ended. */
  readonly listing: BackupListing | undefined;
  /** Why the last listing failed. */
  readonly failure: Failure | undefined;
  /** When the last good listing began. */
  readonly listedAt: Timestamp | undefined;
  /** How long the last listing took, good or not. */
  readonly durationMs: number | undefined;
  /** Listings that failed since the start. */
  readonly failures: number;
};

/** BackupWatch lists one destination of one cluster again and again, on its own clock. */
export type BackupWatch = {
  readonly cluster: string;
  readonly destination: string;
  /** How often a backup should be made. */
  readonly intervalMs: number;
  readonly state: () => BackupState;
  /** Begins the first listing; once. */
  readonly start: () => void;
  /** Ends the listing under way and begins no other; waits for no disk that hangs. */
  readonly stop: () => Promise<void>;
};

/** What a watch is made of. */
export type WatchOptions = Pick<BackupWatch, "cluster" | "intervalMs"> & {
  readonly destination: BackupDestination;
  /** From the end of one listing to the begin of the next. */
  readonly refreshMs: number;
  readonly clock: Clock;
  readonly timers: Timers;
};

/** A destination that needs longer is as good as not there: nobody could tell a slow one from one that hangs. */
const LISTING_TIMEOUT_MS = 120_000;

/** After a failure the next listing comes at least this soon, so that one hiccup does not last the 15 minutes of VaultBackupStale. */
const RETRY_MS = 300_000;

/** Creates a watch that has not begun. */
export function createBackupWatch(options: WatchOptions): BackupWatch {
  const { cluster, intervalMs, refreshMs, destination, clock, timers } = options;
  const stopping = new AbortController();
  const listInTime = createBoundedList(destination, timers);
  let state: BackupState = {
    listing: undefined,
    failure: undefined,
    listedAt: undefined,
    durationMs: undefined,
    failures: 0,
  };
  let cancelNext = (): void => undefined;
  let underWay = Promise.resolve();

  const look = async (): Promise<void> => {
    const beganAt = clock.now();
    try {
      const listing = await listInTime(stopping.signal);
      state = { ...state, listing, failure: undefined, listedAt: beganAt };
    } catch (error) {
      if (stopping.signal.aborted) return;
      state = { ...state, listing: undefined, failure: toFailure(error), failures: state.failures + 1 };
    }
    state = { ...state, durationMs: clock.now() - beganAt };
    const pauseMs = state.failure === undefined ? refreshMs : Math.min(refreshMs, RETRY_MS);
    if (!stopping.signal.aborted) cancelNext = timers.after(pauseMs, begin);
  };
  const begin = (): void => {
    underWay = look();
  };
  const stop = async (): Promise<void> => {
    stopping.abort();
    cancelNext();
    await underWay;
  };
  return { cluster, destination: destination.name, intervalMs, state: () => state, start: begin, stop };
}

/** Nothing interrupts a system call that hangs: while one does, no other listing is begun, which would hang too. */
function createBoundedList({ name, list }: BackupDestination, timers: Timers) {
  let unfinished = false;
  return async (stop: AbortSignal): Promise<BackupListing> => {
    if (unfinished) throw tooSlow(name, "an earlier listing still hangs");
    const ends = new AbortController();
    const { promise: ended, reject } = Promise.withResolvers<never>();
    const end = (why: string) => () => {
      reject(tooSlow(name, why));
      ends.abort();
    };
    const cancel = timers.after(LISTING_TIMEOUT_MS, end(`it took longer than ${formatDuration(LISTING_TIMEOUT_MS)}`));
    stop.addEventListener("abort", end("sealwatch stops"), { once: true, signal: ends.signal });
    unfinished = true;
    const listing = list(ends.signal).finally(() => {
      unfinished = false;
    });
    try {
      return await Promise.race([listing, ended]);
    } finally {
      cancel();
      ends.abort();
    }
  };
}

function tooSlow(name: string, why: string): FailureError {
  const message = `cannot list backups at destination ${name}: ${why}; check its disk or server, or have fewer objects listed`;
  return new FailureError({ reason: "timeout", retryable: true, message });
}
