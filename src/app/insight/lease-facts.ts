import { collect } from "../../exporter/collect.ts";
import type { Collector, Family } from "../../exporter/collector.ts";
import type { Clock } from "../../lib/clock.ts";
import type { LeaseFacts } from "../../slack/insight.ts";
import type { VaultCluster } from "../../vault/cluster.ts";
import { LOOK_MS } from "./in-time.ts";

const MOST_MOUNTS = 10;
const NAMES = {
  total: "sealwatch_leases",
  irrevocable: "sealwatch_leases_irrevocable",
  byMount: "sealwatch_lease_walk_leases",
  walkedAt: "sealwatch_lease_walk_last_success_timestamp_seconds",
  walks: "sealwatch_lease_walk_walker",
};

/** What counting leases needs: the exporter's collectors `leases` and `lease-walk`, the latter being the one that walks. */
export type LeaseReader = {
  readonly collectors: readonly Collector[];
  /** Says whether a collector is among `exporter.collectors` at this moment: one that is not does not walk. */
  readonly isOn: (collector: string) => boolean;
  readonly clock: Clock;
};

/** Counts the leases of a cluster as a scrape does: all and the stuck ones from the active node now, by mount from the last walk. */
export async function readLeaseFacts(
  cluster: VaultCluster,
  reader: LeaseReader,
  signal: AbortSignal,
): Promise<LeaseFacts> {
  const { clock, isOn } = reader;
  const collectors = reader.collectors.filter(({ name }) => name === "leases" || name === "lease-walk");
  const outcomes = await collect({ clusters: [cluster], collectors, clock, signal, timeoutMs: LOOK_MS });
  const families = outcomes.flatMap((outcome) => outcome.families);
  const walkedAt = valueOf(families, NAMES.walkedAt);
  const failures = outcomes.flatMap(({ failure }) => failure?.message ?? []);
  return {
    cluster: cluster.name,
    at: walkedAt === undefined ? undefined : walkedAt * 1000,
    total: valueOf(families, NAMES.total),
    irrevocable: valueOf(families, NAMES.irrevocable),
    byMount: mountsOf(families),
    why: failures[0] ?? whyNoMounts(families, isOn("lease-walk")),
  };
}

function valueOf(families: readonly Family[], wanted: string): number | undefined {
  return families.find(({ name }) => name === wanted)?.samples[0]?.value;
}

/** The collector gives the largest first. */
function mountsOf(families: readonly Family[]): LeaseFacts["byMount"] {
  const samples = families.find(({ name }) => name === NAMES.byMount)?.samples ?? [];
  return samples.slice(0, MOST_MOUNTS).map(({ labels, value }) => ({ mount: labels?.["mount"] ?? "", count: value }));
}

function whyNoMounts(families: readonly Family[], isOn: boolean): string | undefined {
  if (mountsOf(families).length > 0) return undefined;
  if (!isOn) return "not counted by mount: name lease-walk among exporter.collectors";
  return valueOf(families, NAMES.walks) === 1
    ? "not counted by mount: the first walk has not ended"
    : "not counted by mount here: another replica walks, or the first walk is still to come";
}
