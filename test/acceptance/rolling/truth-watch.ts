import { setTimeout as delay } from "node:timers/promises";
import type { RollingWorld } from "./rolling-world.ts";
import { loadRun, untruthsOf } from "./truth.ts";

/** What was untrue in Slack, and for how long, in milliseconds. */
export type Untrue = { readonly what: string; readonly ms: number };

/** A watch over everything that Slack says of runs. */
export type TruthWatch = AsyncDisposable & {
  /** What is untrue now. */
  readonly now: () => readonly string[];
  /** Ends the watch and gives all that was ever untrue, the longest first. */
  readonly end: () => Promise<readonly Untrue[]>;
};

const EVERY_MS = 100;
const RUNS = 100;

/** Begins to compare, again and again, every message with the stored state. */
export function watchTruth({ slack, store }: RollingWorld): TruthWatch {
  const ending = new AbortController();
  const since = new Map<string, number>();
  const over: Untrue[] = [];
  const look = async (): Promise<void> => {
    const untruths: string[] = [];
    for (const { id } of await store.runs.list({ limit: RUNS }))
      untruths.push(...untruthsOf(await loadRun(store, id), slack.messages()));
    const at = performance.now();
    for (const what of untruths) if (!since.has(what)) since.set(what, at);
    for (const [what, began] of since) {
      if (untruths.includes(what)) continue;
      over.push({ what, ms: at - began });
      since.delete(what);
    }
  };
  const watching = (async () => {
    while (!ending.signal.aborted) {
      await look();
      await delay(EVERY_MS);
    }
  })();
  const stop = async (): Promise<void> => {
    ending.abort();
    await watching;
  };
  return {
    now: () => [...since.keys()],
    end: async () => {
      await stop();
      const at = performance.now();
      const still = [...since].map(([what, began]) => ({ what: `${what} (to the end)`, ms: at - began }));
      return [...over, ...still].toSorted((left, right) => right.ms - left.ms);
    },
    [Symbol.asyncDispose]: stop,
  };
}
