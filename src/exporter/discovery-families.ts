import type { VaultCluster } from "../vault/cluster.ts";
import type { Family, FamilyDeclaration } from "./collector.ts";
import { gauge, withSamples } from "./family.ts";

const success = gauge(
  "sealwatch_discovery_success",
  "1 if the last look for nodes went well, 0 if those that were found before it are still in use.",
  ["discovery"],
);
const nodes = gauge(
  "sealwatch_discovery_nodes",
  "Nodes that were last found; those of them that are also configured count.",
  ["discovery"],
);
const lastSuccess = gauge(
  "sealwatch_discovery_last_success_timestamp_seconds",
  "When a look for nodes last went well, Unix time; 0 until the first one did.",
  ["discovery"],
);

/** How the search for nodes goes, for clusters whose nodes are looked for. */
export const DISCOVERY_FAMILIES: readonly FamilyDeclaration[] = [success, nodes, lastSuccess];

/** Gives these families' samples. */
export function discoveryFamilies(clusters: readonly VaultCluster[]): readonly Family[] {
  const found = clusters.flatMap(({ name, discovery }) =>
    discovery === undefined
      ? []
      : [
          {
            labels: { vault_cluster: name, discovery: discovery.kind },
            nodes: discovery.nodes().length,
            ...discovery.status(),
          },
        ],
  );
  return [
    withSamples(
      success,
      found.map(({ labels, stale }) => ({ labels, value: Number(!stale) })),
    ),
    withSamples(
      nodes,
      found.map(({ labels, nodes }) => ({ labels, value: nodes })),
    ),
    withSamples(
      lastSuccess,
      found.map(({ labels, lastSuccessAt = 0 }) => ({ labels, value: lastSuccessAt / 1000 })),
    ),
  ];
}
