import type { Clock, Timestamp } from "../lib/clock.ts";
import type { Finding } from "../lib/finding.ts";

/** What a load gives: a value that is good as a whole, or why it is not. */
export type Loading<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly findings: readonly Finding[] };

/** How the last reload went, for metrics and for people. */
export type ReloadStatus = {
  readonly successful: boolean;
  readonly attemptedAt: Timestamp;
  readonly succeededAt: Timestamp;
  /** Of the last attempt; empty when it was good. */
  readonly findings: readonly Finding[];
};

/** LastGood holds a value that is replaced only by a good one. */
export type LastGood<T> = {
  readonly current: () => T;
  readonly status: () => ReloadStatus;
  /** Loads anew, one load at a time. A bad load changes nothing but the status. */
  readonly reload: () => Promise<Loading<T>>;
};

/** Keeps a first good value and replaces it when a reload is good. A load that throws is passed on, after the status says so. */
export function keepLastGood<T>(options: {
  readonly first: T;
  readonly load: () => Promise<Loading<T>>;
  readonly clock: Clock;
}): LastGood<T> {
  const { load, clock } = options;
  const start = clock.now();
  let current = options.first;
  let status: ReloadStatus = { successful: true, attemptedAt: start, succeededAt: start, findings: [] };
  let queue: Promise<unknown> = Promise.resolve();

  const attempt = async (): Promise<Loading<T>> => {
    const attemptedAt = clock.now();
    try {
      const loading = await load();
      if (loading.ok) current = loading.value;
      status = loading.ok
        ? { successful: true, attemptedAt, succeededAt: clock.now(), findings: [] }
        : { ...status, successful: false, attemptedAt, findings: loading.findings };
      return loading;
    } catch (error) {
      status = { ...status, successful: false, attemptedAt, findings: [] };
      throw error;
    }
  };

  return {
    current: () => current,
    status: () => status,
    reload() {
      const turn = queue.then(attempt);
      queue = turn.catch(() => undefined);
      return turn;
    },
  };
}
