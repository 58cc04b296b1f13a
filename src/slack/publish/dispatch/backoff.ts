import type { Clock, Timestamp } from "../../../lib/clock.ts";

/** Backoff makes what fails wait, longer each time, and what works forget. */
export type Backoff = {
  readonly until: (name: string) => Timestamp;
  /** Counts a failure; gives how many there were in a row. The pause doubles each time, up to 30,000 ms or what is given. */
  readonly failed: (name: string, longestMs?: number) => number;
  readonly wait: (name: string, milliseconds: number) => void;
  readonly worked: (name: string) => void;
};

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;
/** More names than this are not kept: what is let go of is only tried again sooner. */
const KEPT = 5000;

/** Makes a backoff for which nothing failed yet. */
export function createBackoff(clock: Clock): Backoff {
  const waiting = new Map<string, { readonly failures: number; readonly until: Timestamp }>();
  return {
    until: (name) => waiting.get(name)?.until ?? 0,
    failed: (name, longestMs = LONGEST_PAUSE_MS) => {
      const failures = (waiting.get(name)?.failures ?? 0) + 1;
      const pause = Math.min(longestMs, FIRST_PAUSE_MS * 2 ** (failures - 1));
      const [oldest] = waiting.keys();
      if (waiting.size >= KEPT && oldest !== undefined) waiting.delete(oldest);
      waiting.set(name, { failures, until: clock.now() + pause });
      return failures;
    },
    wait: (name, milliseconds) =>
      void waiting.set(name, { failures: waiting.get(name)?.failures ?? 0, until: clock.now() + milliseconds }),
    worked: (name) => void waiting.delete(name),
  };
}
