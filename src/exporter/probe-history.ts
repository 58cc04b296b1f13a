import type { Timestamp } from "../lib/clock.ts";
import type { RecordedCall } from "./call-recorder.ts";
import type { Outcome } from "./collect.ts";

/** How one collector did on one cluster. */
export type CollectorResult = Omit<Outcome, "families">;

/** ProbeRecord is one scrape as it is remembered: everything but the metrics. */
export type ProbeRecord = {
  /** Counts from 1 at each start of the program. */
  readonly id: number;
  readonly target: string;
  readonly module: string;
  readonly startedAt: Timestamp;
  readonly durationMs: number;
  readonly timeoutMs: number;
  readonly results: readonly CollectorResult[];
  readonly calls: readonly RecordedCall[];
};

/** ProbeHistory remembers the last probes, and failed ones longer: the one that woke somebody up is seldom the last. */
export type ProbeHistory = {
  readonly add: (probe: Omit<ProbeRecord, "id">) => ProbeRecord;
  readonly get: (id: number) => ProbeRecord | undefined;
  /** Newest first. */
  readonly list: () => readonly ProbeRecord[];
};

/** How many are remembered: the last ones, and of those before them the last that failed. */
export type HistorySize = { readonly last: number; readonly failed: number };

/** Creates an empty history. */
export function createProbeHistory({ last, failed }: HistorySize = { last: 50, failed: 25 }): ProbeHistory {
  let recent: readonly ProbeRecord[] = [];
  let olderFailures: readonly ProbeRecord[] = [];
  let count = 0;
  const list = (): readonly ProbeRecord[] => [...recent, ...olderFailures];
  return {
    add: (probe) => {
      const record = { id: ++count, ...probe };
      const all = [record, ...recent];
      recent = all.slice(0, last);
      olderFailures = [...all.slice(last).filter((left) => !succeeded(left)), ...olderFailures].slice(0, failed);
      return record;
    },
    get: (id) => list().find((record) => record.id === id),
    list,
  };
}

/** Tells whether every collector could read all of its subject. */
export function succeeded({ results }: Pick<ProbeRecord, "results">): boolean {
  return results.every(({ failure }) => failure === undefined);
}
