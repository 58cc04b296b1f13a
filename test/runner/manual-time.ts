import type { Clock, Timers, Timestamp } from "../../src/lib/clock.ts";

/** ManualTime is a clock and timers that move only when a test says so. */
export type ManualTime = {
  readonly clock: Clock;
  readonly timers: Timers;
  /** How many timers are set. */
  readonly pending: () => number;
  /** Moves on, calling back what is due in its order; everything that follows from a callback has happened before the next. */
  readonly advance: (milliseconds: number) => Promise<void>;
  /** Moves on at once, as when the machine slept: what was due meanwhile is called back afterwards. */
  readonly leap: (milliseconds: number) => Promise<void>;
};

/** When every test begins. */
export const T0: Timestamp = 1_700_000_000_000;

type Due = { readonly at: Timestamp; readonly callback: () => void };

/** Creates a clock that stands at `T0`. */
export function createManualTime(): ManualTime {
  let now = T0;
  const due = new Set<Due>();
  const next = (until: Timestamp): Due | undefined =>
    [...due].filter(({ at }) => at <= until).sort((left, right) => left.at - right.at)[0];
  const pass = async (until: Timestamp): Promise<void> => {
    for (let timer = next(until); timer !== undefined; timer = next(until)) {
      due.delete(timer);
      now = Math.max(now, timer.at);
      timer.callback();
      await settled();
    }
    now = until;
    await settled();
  };
  return {
    clock: { now: () => now },
    timers: {
      after: (milliseconds, callback) => {
        const timer = { at: now + milliseconds, callback };
        due.add(timer);
        return () => void due.delete(timer);
      },
    },
    pending: () => due.size,
    advance: async (milliseconds) => await pass(now + milliseconds),
    leap: async (milliseconds) => {
      now += milliseconds;
      await pass(now);
    },
  };
}

/** Resolves when everything has happened that needs no time: with a store in memory and fakes, all of it is microtasks. */
export async function settled(): Promise<void> {
  await new Promise((resolve) => void setImmediate(resolve));
}
