import type { Clock, Timers, Timestamp } from "../../lib/clock.ts";

/** VirtualTime stands still until it is told to go on, and then goes to the next moment at which something is due. */
export type VirtualTime = {
  readonly clock: Clock;
  readonly timers: Timers;
  /** Goes to the next timer that is due by `until` and calls it back; false when there is none: then nothing has moved. */
  readonly jump: (until?: Timestamp) => boolean;
  /** Lets time pass in which nothing is due by itself. */
  readonly pass: (milliseconds: number) => void;
};

type Due = { readonly at: Timestamp; readonly order: number; readonly callback: () => void };

/** Creates a time that begins at a moment. */
export function createVirtualTime(start: Timestamp): VirtualTime {
  let now = start;
  let order = 0;
  const due = new Set<Due>();
  return {
    clock: { now: () => now },
    timers: {
      after: (milliseconds, callback) => {
        const timer = { at: now + Math.max(0, milliseconds), order: order++, callback };
        due.add(timer);
        return () => void due.delete(timer);
      },
    },
    jump: (until = Number.POSITIVE_INFINITY) => {
      const next = earliest(due);
      if (next === undefined || next.at > until) return false;
      due.delete(next);
      now = Math.max(now, next.at);
      next.callback();
      return true;
    },
    pass: (milliseconds) => {
      now += milliseconds;
    },
  };
}

function earliest(due: ReadonlySet<Due>): Due | undefined {
  let first: Due | undefined;
  for (const timer of due)
    if (first === undefined || timer.at < first.at || (timer.at === first.at && timer.order < first.order))
      first = timer;
  return first;
}
