import type { Clock, Timers, Timestamp } from "../../src/lib/clock.ts";
import type { Delay } from "../../src/slack/delay.ts";

/**
 * Time that passes only while somebody waits for something to do (`delay`) or a test says so (`pass`). Timers go off when time passes them, in
 * order, and never make it pass.
 */
export type VirtualTime = {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly delay: Delay;
  /** What was waited for, in milliseconds. */
  readonly waits: readonly number[];
  /** Lets so many milliseconds pass. */
  readonly pass: (milliseconds: number) => Promise<void>;
};

type Entry = { readonly at: Timestamp; readonly drives: boolean; readonly fire: () => void };

/** Turns of the event loop without work before time goes on. */
const QUIET_TURNS = 3;
const NOTHING = new Uint8Array();

/** Makes time that stands at a moment; it does not go on while `busy` says so. */
export function virtualTime(start: Timestamp, busy: () => boolean = () => false): VirtualTime {
  const entries = new Set<Entry>();
  const waits: number[] = [];
  let now = start;
  let pumping = false;

  const pump = async (): Promise<void> => {
    if (pumping) return;
    pumping = true;
    await quiet(busy);
    while ([...entries].some(({ drives }) => drives)) {
      const [next] = [...entries].toSorted((left, right) => left.at - right.at);
      if (next === undefined) break;
      entries.delete(next);
      now = Math.max(now, next.at);
      next.fire();
      await quiet(busy);
    }
    pumping = false;
  };

  const add = (entry: Entry): (() => void) => {
    entries.add(entry);
    if (entry.drives) void pump();
    return () => void entries.delete(entry);
  };

  const wait = async (milliseconds: number, signal?: AbortSignal): Promise<void> => {
    if (signal?.aborted === true) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = add({ at: now + milliseconds, drives: true, fire: resolve });
    const stop = (): void => {
      cancel();
      resolve();
    };
    signal?.addEventListener("abort", stop, { once: true });
    await promise;
    signal?.removeEventListener("abort", stop);
  };

  return {
    clock: { now: () => now },
    timers: { after: (milliseconds, callback) => add({ at: now + milliseconds, drives: false, fire: callback }) },
    delay: async (milliseconds, signal) => {
      waits.push(milliseconds);
      await wait(milliseconds, signal);
    },
    waits,
    pass: async (milliseconds) => await wait(milliseconds),
  };
}

async function quiet(busy: () => boolean): Promise<void> {
  for (let turns = 0; turns < QUIET_TURNS; turns++) {
    await new Promise((resolve) => setImmediate(resolve));
    // Digests are made on other threads, one after another: those that were asked for before are ready when this one is.
    await crypto.subtle.digest("SHA-256", NOTHING);
    if (busy()) turns = -1;
  }
}
