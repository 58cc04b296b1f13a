import { collect, type Outcome } from "../../src/exporter/collect.ts";
import type { Collector } from "../../src/exporter/collector.ts";
import { expose } from "../../src/exporter/expose.ts";
import { SCRAPE_FAMILIES, scrapeFamilies } from "../../src/exporter/scrape-families.ts";
import type { VaultCluster } from "../../src/vault/cluster.ts";
import { NOW } from "./fake-cluster.ts";

/** A clock that stands still, so that durations are 0 and pages can be compared. */
export const clock = { now: () => NOW };

/** Runs these collectors once on a cluster, with time enough for everything but a frozen node. */
export async function scrape(
  cluster: VaultCluster,
  collectors: readonly Collector[],
  { signal = new AbortController().signal, timeoutMs = 100 }: { signal?: AbortSignal; timeoutMs?: number } = {},
): Promise<readonly Outcome[]> {
  return collect({ clusters: [cluster], collectors, clock, signal, timeoutMs });
}

/** The samples that one collector gives, and the reason of its failure, if it noted or threw one. */
export async function outcomeOf(
  cluster: VaultCluster,
  collector: Collector,
): Promise<{ samples: string; reason: string | undefined }> {
  const outcomes = await scrape(cluster, [collector]);
  const own = SCRAPE_FAMILIES.map(({ name }) => name);
  const families = scrapeFamilies([cluster], outcomes, { of: () => 0 }).filter(({ name }) => !own.includes(name));
  return { samples: withoutHelp(expose(families)), reason: outcomes[0]?.failure?.reason };
}

/** The samples that one collector gives; throws when it noted or threw a failure. */
export async function samplesOf(cluster: VaultCluster, collector: Collector): Promise<string> {
  const { samples, reason } = await outcomeOf(cluster, collector);
  if (reason !== undefined) throw new Error(`${collector.name} failed: ${reason}`);
  return samples;
}

/** Leaves only the samples of a page. */
export function withoutHelp(page: string): string {
  return page
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .join("\n");
}
