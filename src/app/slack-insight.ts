import type { BackupWatch } from "../backup/watch.ts";
import type { Collector } from "../exporter/collector.ts";
import type { Clock, Timers } from "../lib/clock.ts";
import type { Logger } from "../lib/logger.ts";
import type { RunService } from "../runner/ports.ts";
import type { Runbook } from "../runbook/schema.ts";
import type { ClusterFacts, DrillFacts, Insight, LeaseFacts } from "../slack/insight.ts";
import type { VaultCluster } from "../vault/cluster.ts";
import { backupFacts } from "./insight/backup-facts.ts";
import { readClusterFacts } from "./insight/cluster-facts.ts";
import { readDrillFacts } from "./insight/drill-facts.ts";
import { inTime } from "./insight/in-time.ts";
import { readLeaseFacts } from "./insight/lease-facts.ts";
import { createSharedRead } from "./insight/shared-read.ts";

/** What the bot's insight is made from: the parts of the exporter that look already, and the runs. */
export type SlackInsightOptions = {
  readonly clusters: readonly VaultCluster[];
  /** The watches that the exporter's collector `backup` started. */
  readonly backups: readonly BackupWatch[];
  /** The exporter's own collectors: the one that walks the leases keeps what it found. */
  readonly collectors: readonly Collector[];
  /** Says whether a collector is among `exporter.collectors` at this moment. */
  readonly isOn: (collector: string) => boolean;
  readonly runs: Pick<RunService, "summaries">;
  readonly catalog: () => ReadonlyMap<string, { readonly runbook: Runbook }>;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
};

const CLUSTER_FOR_MS = 5000;
const LEASES_FOR_MS = 5000;
/** Drills are due in weeks, and looking for them reads a thousand summaries. */
const DRILLS_FOR_MS = 30_000;

/** Creates what the bot shows besides runs and alerts: nothing in it rejects or takes three seconds. */
export function createSlackInsight(options: SlackInsightOptions): Insight {
  const { clusters, backups, clock, runs, catalog } = options;
  const looks = byCluster(clusters, (cluster) => {
    const look = async (signal: AbortSignal): Promise<ClusterFacts> => await readClusterFacts(cluster, clock, signal);
    return createSharedRead<ClusterFacts | undefined>(
      async () => await inTime(look, undefined, options),
      CLUSTER_FOR_MS,
      clock,
    );
  });
  const counts = byCluster(clusters, (cluster) => {
    const count = async (signal: AbortSignal): Promise<LeaseFacts> => await readLeaseFacts(cluster, options, signal);
    const late = noLeases(cluster.name, "the cluster did not answer in time");
    return createSharedRead(async () => await inTime(count, late, options), LEASES_FOR_MS, clock);
  });
  const drills = createSharedRead<readonly DrillFacts[]>(
    async () => {
      const runbooks = [...catalog().values()].map(({ runbook }) => runbook);
      return await inTime(async () => await readDrillFacts(runbooks, runs), [], options);
    },
    DRILLS_FOR_MS,
    clock,
  );
  return {
    cluster: async (name) => await looks.get(name)?.(),
    leases: async (name) => (await counts.get(name)?.()) ?? noLeases(name, "no such cluster is configured"),
    drills,
    backups: async () => await Promise.resolve(backups.map((watch) => backupFacts(watch, clock.now()))),
  };
}

function byCluster<T>(clusters: readonly VaultCluster[], make: (cluster: VaultCluster) => T): ReadonlyMap<string, T> {
  return new Map(clusters.map((cluster) => [cluster.name, make(cluster)]));
}

function noLeases(cluster: string, why: string): LeaseFacts {
  return { cluster, at: undefined, total: undefined, irrevocable: undefined, byMount: [], why };
}
