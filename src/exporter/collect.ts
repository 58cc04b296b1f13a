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

/** Runs every collector on every cluster in parallel until the signal ends; never throws, whatever a collector does. */
export async function collect(options: CollectOptions): Promise<readonly Outcome[]> {
  const running = options.clusters.flatMap((cluster) => {
    const shared = sharedReads({ ...options, cluster }, options.collectors);
    return options.collectors.map((collector) => runCollector(collector, { ...options, cluster, ...shared }));
  });
  return Promise.all(running);
}

type SharedReads = Pick<CollectContext, "probes" | "active" | "native">;
type Run = ProbeOptions & SharedReads;

/** What several collectors want of one cluster is asked once, when the first of them wants it. */
function sharedReads(options: ProbeOptions, collectors: readonly Collector[]): SharedReads {
  const probes = onceOnly(async () => withoutStrangers(options.cluster, await probeNodes(options)));
  const active = onceOnly(async () => await activeNode({ ...options, probes }));
  const names = collectors.flatMap(({ native = [] }) => native);
  const native = onceOnly(async () => await nativeSamples(await active(), names, options));
  return { probes, active, native };
}

async function runCollector(collector: Collector, run: Run): Promise<Outcome> {
  const startedAt = run.clock.now();
  const failures: Failure[] = [];
  const note = (failure: Failure): void => {
    failures.push(failure);
  };
  const families = await finish(collector, { ...run, note });
  return {
    cluster: run.cluster.name,
    collector: collector.name,
    families,
    durationMs: run.clock.now() - startedAt,
    failure: failures[0],
  };
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
