import type { VaultCluster } from "../vault/cluster.ts";
import type { Outcome } from "./collect.ts";
import { AUTH_FAMILIES, authFamilies } from "./auth-families.ts";
import { DISCOVERY_FAMILIES, discoveryFamilies } from "./discovery-families.ts";
import type { Collector, Family, FamilyDeclaration, Sample } from "./collector.ts";
import { gauge, withSamples } from "./family.ts";
import type { LastSuccess } from "./last-success.ts";

const expectedNodes = gauge(
  "sealwatch_cluster_expected_nodes",
  "How many nodes there should be: what is configured, else the most that there ever were since the start. Always a sample for every configured cluster, whatever fails, so that absence of others can be an alert.",
);
const success = gauge(
  "sealwatch_collector_success",
  "1 if the collector could read all of its subject in this scrape, 0 if a part or all of it is missing.",
  ["collector"],
);
const duration = gauge("sealwatch_collector_duration_seconds", "How long the collector took in this scrape.", [
  "collector",
]);
const lastSuccess = gauge(
  "sealwatch_collector_last_success_timestamp_seconds",
  "When the collector last read all of its subject, in any scrape since this program started, Unix time; 0 when it never did.",
  ["collector"],
);

/** The families that a scrape has of its own, besides those of the collectors. */
export const SCRAPE_FAMILIES: readonly FamilyDeclaration[] = [
  expectedNodes,
  ...DISCOVERY_FAMILIES,
  ...AUTH_FAMILIES,
  success,
  duration,
  lastSuccess,
];

/** Joins what the collectors gave into one family a name, with `vault_cluster` on every sample, behind the scrape's own families. */
export function scrapeFamilies(
  clusters: readonly VaultCluster[],
  outcomes: readonly Outcome[],
  times: Pick<LastSuccess, "of">,
): readonly Family[] {
  const expected = withSamples(
    expectedNodes,
    clusters.map((cluster) => inCluster(cluster.name, { value: cluster.expectedNodes })),
  );
  const since = samplesOf(outcomes, (outcome) => times.of(outcome) / 1000);
  return [
    expected,
    ...discoveryFamilies(clusters),
    ...authFamilies(clusters),
    ...roundFamilies(outcomes),
    withSamples(lastSuccess, since),
    ...joined(outcomes),
  ];
}

/** Like `scrapeFamilies`, but of what a node asked alone said only what holds: a part of a cluster must not speak for the whole. */
export function nodeFamilies(outcomes: readonly Outcome[], collectors: readonly Collector[]): readonly Family[] {
  const names = collectors.flatMap(({ perNode = [] }) => perNode);
  return [...roundFamilies(outcomes), ...joined(outcomes).filter(({ name }) => names.includes(name))];
}

function joined(outcomes: readonly Outcome[]): readonly Family[] {
  const byName = new Map<string, Family>();
  for (const { cluster, families } of outcomes) {
    for (const family of families) {
      const held = byName.get(family.name)?.samples ?? [];
      const samples = family.samples.map((sample) => inCluster(cluster, sample));
      byName.set(family.name, { ...family, samples: [...held, ...samples] });
    }
  }
  return [...byName.values()];
}

function roundFamilies(outcomes: readonly Outcome[]): readonly Family[] {
  return [
    withSamples(
      success,
      samplesOf(outcomes, ({ failure }) => Number(failure === undefined)),
    ),
    withSamples(
      duration,
      samplesOf(outcomes, ({ durationMs }) => durationMs / 1000),
    ),
  ];
}

function samplesOf(outcomes: readonly Outcome[], read: (outcome: Outcome) => number): readonly Sample[] {
  return outcomes.map((outcome) =>
    inCluster(outcome.cluster, { labels: { collector: outcome.collector }, value: read(outcome) }),
  );
}

function inCluster(cluster: string, { labels, value }: Sample): Sample {
  return { labels: { vault_cluster: cluster, ...labels }, value };
}
