import { AsyncLocalStorage } from "node:async_hooks";
import type { Clock } from "../lib/clock.ts";
import type { CallEnd, ObserveCall, ObservedCall } from "../vault/observe-transport.ts";

/** One call of a scrape: what was asked of whom, and how it ended. It has no body, no header and no token. */
export type RecordedCall = ObservedCall & {
  /** Since the scrape's start. */
  readonly afterMs: number;
  /** Undefined while it has not ended. */
  readonly durationMs: number | undefined;
  readonly end: CallEnd | undefined;
};

/** What some work gave, and the calls that it made. */
export type Recording<T> = { readonly result: T; readonly calls: readonly RecordedCall[] };

/** CallRecorder tells the calls of scrapes apart that run at the same time. */
export type CallRecorder = {
  /** For the transports: notes a call for the work that makes it. A call outside of any recorded work is not noted. */
  readonly observe: ObserveCall;
  /** Does the work and gives the calls that it made until it was done. */
  readonly record: <T>(work: () => Promise<T>) => Promise<Recording<T>>;
};

/** A scrape makes a few calls a node; what makes more than this is kept in part. */
const MAX_CALLS = 1000;

type Log = { readonly startedAt: number; readonly calls: Noted[] };
type Noted = ObservedCall & { readonly afterMs: number; durationMs?: number; end?: CallEnd };

/** Creates a recorder. It follows the work through its promises, so that no collector has to hand anything on. */
export function createCallRecorder(clock: Clock): CallRecorder {
  const current = new AsyncLocalStorage<Log>();
  return {
    observe: (call) => {
      const log = current.getStore();
      if (log === undefined || log.calls.length >= MAX_CALLS) return () => {};
      const noted: Noted = { ...call, afterMs: clock.now() - log.startedAt };
      log.calls.push(noted);
      return (end) => {
        noted.durationMs = clock.now() - log.startedAt - noted.afterMs;
        noted.end = end;
      };
    },
    record: async (work) => {
      const log: Log = { startedAt: clock.now(), calls: [] };
      const result = await current.run(log, work);
      return { result, calls: log.calls.map(({ durationMs, end, ...call }) => ({ ...call, durationMs, end })) };
    },
  };
}
