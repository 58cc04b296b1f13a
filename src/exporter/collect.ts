import type { Clock } from "../lib/clock.ts";
import { toFailure, type Failure } from "../lib/failure.ts";
import type { VaultCluster } from "../vault/cluster.ts";
import type { Deadline } from "./call-budget.ts";
import type { CollectContext, Collector, Family } from "./collector.ts";
import { activeNode } from "./active-node.ts";
import { nativeSamples } from "./native-samples.ts";
import { probeNodes, type ProbeOptions } from "./probe-nodes.ts";
import { untilAborted } from "./until-aborted.ts";
import { withoutStrangers } from "./without-strangers.ts";

/** What a scrape needs: who is asked, by what, and until when its answer must be written, whatever is still missing. */
export type CollectOptions = Deadline & {
  readonly clusters: readonly VaultCluster[];
  readonly collectors: readonly Collector[];
  readonly clock: Clock;
};

/** What one collector gave for one cluster; with a failure it may still have given some of its families. */
export type Outcome = {
  readonly cluster: string;
  readonly collector: string;
  readonly families: readonly Family[];
  readonly durationMs: number;
  readonly failure: Failure | undefined;
};

/** ClusterReads is what several parts of a scrape want of one cluster: each is asked once, when the first of them wants it. */
export type ClusterReads = Pick<CollectContext, "cluster" | "probes" | "active" | "native">;

/** Creates the shared reads of one scrape, a cluster each; nobody is asked yet. */
export function createClusterReads(options: CollectOptions): readonly ClusterReads[] {
  const names = wantedNatives(options.collectors);
  return options.clusters.map((cluster) => {
    const asked = { ...options, cluster };
    const probes = onceOnly(async () => withoutStrangers(cluster, await probeNodes(asked)));
    const active = onceOnly(async () => await activeNode({ ...asked, probes }));
    const native = onceOnly(async () => await nativeSamples(await active(), names, options));
    return { cluster, probes, active, native };
  });
}

/** Names of Vault's own metrics, without the prefix, that these collectors want. */
export function wantedNatives(collectors: readonly Collector[]): readonly string[] {
  return collectors.flatMap(({ native = [] }) => native);
}

/** Runs every collector on every cluster in parallel until the signal ends; never throws, whatever a collector does. */
export async function collect(
  options: CollectOptions,
  reads: readonly ClusterReads[] = createClusterReads(options),
): Promise<readonly Outcome[]> {
  const running = reads.flatMap((read) =>
    options.collectors.map((collector) => runCollector(collector, { ...options, ...read })),
  );
  return Promise.all(running);
}

type Run = ProbeOptions & ClusterReads;

async function runCollector(collector: Collector, run: Run): Promise<Outcome> {
  const startedAt = run.clock.now();
  const failures: Failure[] = [];
  const note = (failure: Failure): void => {
    failures.push(failure);
  };
  const families = await finish(collector, { ...run, note });
  const excused = failures.length > 0 && collector.policy.length > 0 && (await isDrSecondary(run));
  return {
    cluster: run.cluster.name,
    collector: collector.name,
    families: excused ? [] : families,
    durationMs: run.clock.now() - startedAt,
    failure: excused ? undefined : failures[0],
  };
}

/** A disaster recovery secondary (472 on every node) is well and takes no token: what needs one has nothing to say there. */
async function isDrSecondary({ probes }: Run): Promise<boolean> {
  const found = await probes().catch(() => []);
  return found.some(({ health }) => health?.statusCode === 472);
}

async function finish(collector: Collector, context: CollectContext): Promise<readonly Family[]> {
  const { cluster, signal, note } = context;
  const what = `cannot finish collector ${collector.name} on ${cluster.name}`;
  try {
    return await untilAborted(startCollector(collector, context), signal, what);
  } catch (error) {
    note(toFailure(error));
    return [];
  }
}

/** Turns even a throw before the first await into a rejection. */
async function startCollector(collector: Collector, context: CollectContext): Promise<readonly Family[]> {
  return collector.collect(context);
}

function onceOnly<T>(start: () => Promise<T>): () => Promise<T> {
  let started: Promise<T> | undefined;
  return () => (started ??= start());
}
