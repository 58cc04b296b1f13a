import type { Clock } from "../../lib/clock.ts";
import type { ClusterLocks, ListedRun, RunStore } from "../../runner/ports.ts";
import type { Sample } from "../collector.ts";
import type { ExposedFamily } from "../expose.ts";
import { RUN_FAMILIES, type RunFamily } from "./run-families.ts";

/** Where runs and locks are read. */
export type RunSource = { readonly runs: Pick<RunStore, "list">; readonly locks: Pick<ClusterLocks, "list"> };

/** What a runbook's header says of drills. */
export type DrillRule = { readonly runbook: string; readonly drillEveryMs: number | undefined };

/** What the gauges need besides the store. */
export type RunGaugeOptions = {
  /** Names of the configured clusters. */
  readonly clusters: readonly string[];
  /** The runbooks of this moment. */
  readonly drills: () => readonly DrillRule[];
  readonly clock: Clock;
};

/** More open runs than this are no use to anybody. */
const MOST_RUNS = 10_000;
/** How far back a drill is looked for, in runs of its runbook. */
const MOST_PAST_RUNS = 1000;
const DRILLS_EVERY_MS = 5 * 60_000;

/** Reads the gauges of runs from the store, whatever happened to this process; throws when the store does. */
export type ReadRunGauges = (source: RunSource) => Promise<readonly ExposedFamily[]>;

/** Makes a reader; when drills took place is read at most every five minutes. */
export function createRunGauges({ clusters, drills, clock }: RunGaugeOptions): ReadRunGauges {
  let known: { readonly at: number; readonly samples: readonly Sample[] } | undefined;
  const drillSamples = async (source: RunSource): Promise<readonly Sample[]> => {
    const at = clock.now();
    if (known === undefined || at - known.at >= DRILLS_EVERY_MS || known.at > at)
      known = { at, samples: await readDrills(source, drills()) };
    return known.samples;
  };
  return async (source) => {
    const [open, locks, last] = await Promise.all([
      source.runs.list({ open: true, limit: MOST_RUNS }),
      source.locks.list(),
      drillSamples(source),
    ]);
    return [
      family(RUN_FAMILIES.open, countOpen(open)),
      family(RUN_FAMILIES.unknown, countUnknown(open, clusters)),
      family(
        RUN_FAMILIES.lockSince,
        locks.map(({ cluster, since }) => ({ labels: { vault_cluster: cluster }, value: since / 1000 })),
      ),
      family(RUN_FAMILIES.lastDrill, last),
    ];
  };
}

/** Says how often runbooks are to be practised; needs no store. */
export function drillIntervals(drills: readonly DrillRule[]): ExposedFamily {
  const samples = drills.flatMap(({ runbook, drillEveryMs }) =>
    drillEveryMs === undefined ? [] : [{ labels: { runbook }, value: drillEveryMs / 1000 }],
  );
  return family(RUN_FAMILIES.drillInterval, samples);
}

/** Gives a family its samples. */
export function family({ name, help, type }: RunFamily, samples: readonly Sample[]): ExposedFamily {
  return { name, help, type, samples };
}

function countOpen(open: readonly ListedRun[]): readonly Sample[] {
  const counts = new Map<string, { readonly labels: Readonly<Record<string, string>>; value: number }>();
  for (const { summary } of open) {
    const labels = { vault_cluster: summary.cluster, runbook: summary.runbook, phase: summary.phase };
    const key = JSON.stringify(labels);
    const count = counts.get(key) ?? { labels, value: 0 };
    count.value += 1;
    counts.set(key, count);
  }
  return [...counts.values()];
}

/** A run of a cluster that is configured no longer counts too: its call may have taken effect all the same. */
function countUnknown(open: readonly ListedRun[], clusters: readonly string[]): readonly Sample[] {
  const unknown = open.filter(({ summary }) => summary.phase === "unknown").map(({ summary }) => summary.cluster);
  return [...new Set([...clusters, ...unknown])].map((cluster) => ({
    labels: { vault_cluster: cluster },
    value: unknown.filter((name) => name === cluster).length,
  }));
}

async function readDrills({ runs }: RunSource, drills: readonly DrillRule[]): Promise<readonly Sample[]> {
  const samples = await Promise.all(
    drills.map(async ({ runbook, drillEveryMs }): Promise<readonly Sample[]> => {
      const past = await runs.list({ open: false, runbook, limit: MOST_PAST_RUNS });
      const ends = past.flatMap(({ summary: { drill, state, finishedAt } }) =>
        drill && state === "resolved" && finishedAt !== undefined ? [finishedAt] : [],
      );
      if (ends.length === 0 && drillEveryMs === undefined) return [];
      return [{ labels: { runbook }, value: Math.max(0, ...ends) / 1000 }];
    }),
  );
  return samples.flat();
}
