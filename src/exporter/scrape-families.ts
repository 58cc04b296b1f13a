import type { VaultCluster } from "../vault/cluster.ts";
import type { Outcome } from "./collect.ts";
import type { Family, FamilyDeclaration, Sample } from "./collector.ts";
import { gauge, withSamples } from "./family.ts";

const expectedNodes = gauge(
  "sealwatch_cluster_expected_nodes",
  "Configured nodes. Always a sample for every configured cluster, whatever fails, so that absence of others can be an alert.",
);
const success = gauge(
  "sealwatch_collector_success",
  "1 if the collector could read all of its subject in this scrape, 0 if a part or all of it is missing.",
  ["collector"],
);
const duration = gauge("sealwatch_collector_duration_seconds", "How long the collector took in this scrape.", [
  "collector",
]);

/** The families that a scrape has of its own, besides those of the collectors. */
export const SCRAPE_FAMILIES: readonly FamilyDeclaration[] = [expectedNodes, success, duration];

/** Joins what the collectors gave into one family a name, with `vault_cluster` on every sample, behind the scrape's own families. */
export function scrapeFamilies(clusters: readonly VaultCluster[], outcomes: readonly Outcome[]): readonly Family[] {
  const joined = new Map<string, Family>();
  for (const { cluster, families } of outcomes) {
    for (const family of families) {
      const held = joined.get(family.name)?.samples ?? [];
      const samples = family.samples.map((sample) => inCluster(cluster, sample));
      joined.set(family.name, { ...family, samples: [...held, ...samples] });
    }
  }
  return [...ownFamilies(clusters, outcomes), ...joined.values()];
}

function ownFamilies(clusters: readonly VaultCluster[], outcomes: readonly Outcome[]): readonly Family[] {
  const perOutcome = (read: (outcome: Outcome) => number): readonly Sample[] =>
    outcomes.map((outcome) =>
      inCluster(outcome.cluster, { labels: { collector: outcome.collector }, value: read(outcome) }),
    );
  return [
    withSamples(
      expectedNodes,
      clusters.map(({ name, nodes }) => inCluster(name, { value: nodes.length })),
    ),
    withSamples(
      success,
      perOutcome(({ failure }) => Number(failure === undefined)),
    ),
    withSamples(
      duration,
      perOutcome(({ durationMs }) => durationMs / 1000),
    ),
  ];
}

function inCluster(cluster: string, { labels, value }: Sample): Sample {
  return { labels: { vault_cluster: cluster, ...labels }, value };
}
