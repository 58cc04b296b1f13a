import type { Collector, Family, FamilyDeclaration, Sample } from "./collector.ts";
import { withSamples } from "./family.ts";
import type { NodeProbe } from "./probe-nodes.ts";

type Health = NonNullable<NodeProbe["health"]>;
type Reading = { readonly family: FamilyDeclaration; readonly read: (health: Health) => Sample };

const NOTE = "As grapeshot/vault_exporter had it; no sample while the node does not answer sys/health.";

const up: FamilyDeclaration = {
  name: "vault_up",
  help: "1 if the node answered sys/health. As grapeshot/vault_exporter had it, but for each node.",
  type: "gauge",
  labels: ["vault_node"],
};

/** The names of the grapeshot/vault_exporter family besides `vault_up`, read as it read them. */
const READINGS: readonly Reading[] = [
  flag("vault_initialized", "1 if Vault is initialised, in the eyes of this node.", ({ initialized }) => initialized),
  flag("vault_sealed", "1 if the node is sealed.", ({ sealed }) => sealed),
  flag("vault_standby", "1 if the node is a standby, and also while it is sealed.", ({ standby }) => standby),
  flag(
    "vault_replication_dr_primary",
    "1 if the node is of a disaster recovery primary.",
    isMode("replicationDrMode", "primary"),
  ),
  flag(
    "vault_replication_dr_secondary",
    "1 if the node is of a disaster recovery secondary.",
    isMode("replicationDrMode", "secondary"),
  ),
  flag(
    "vault_replication_performance_primary",
    "1 if the node is of a performance primary.",
    isMode("replicationPerformanceMode", "primary"),
  ),
  flag(
    "vault_replication_performance_secondary",
    "1 if the node is of a performance secondary.",
    isMode("replicationPerformanceMode", "secondary"),
  ),
  {
    family: declare("vault_info", "1, with the node's version and its cluster's name and id.", [
      "version",
      "cluster_name",
      "cluster_id",
    ]),
    read: ({ version, clusterName = "", clusterId = "" }) => ({
      labels: { version, cluster_name: clusterName, cluster_id: clusterId },
      value: 1,
    }),
  },
];

/**
 * The nine metrics of the exporters that descend from grapeshot/vault_exporter, for dashboards and rules that still ask for them. They mean
 * what they meant, of each node; `sealwatch_node_*` are the better ones.
 */
export const compat: Collector = {
  name: "compat",
  help: "The nine metrics of the grapeshot/vault_exporter family, from sys/health, without a token.",
  families: [up, ...READINGS.map(({ family }) => family)],
  policy: [],
  perNode: [up.name, ...READINGS.map(({ family }) => family.name)],
  collect: async ({ probes }) => {
    const found = await probes();
    return [upFamily(found), ...READINGS.map((reading) => familyOf(reading, found))];
  },
};

function upFamily(probes: readonly NodeProbe[]): Family {
  const samples = probes.map(({ node, health }) => ({
    labels: { vault_node: node.name },
    value: Number(health !== undefined),
  }));
  return withSamples(up, samples);
}

function familyOf({ family, read }: Reading, probes: readonly NodeProbe[]): Family {
  const samples = probes.flatMap(({ node, health }) => {
    if (health === undefined) return [];
    const { labels, value } = read(health);
    return [{ labels: { vault_node: node.name, ...labels }, value }];
  });
  return withSamples(family, samples);
}

function flag(name: FamilyDeclaration["name"], meaning: string, read: (health: Health) => boolean): Reading {
  return { family: declare(name, meaning, []), read: (health) => ({ value: Number(read(health)) }) };
}

function declare(name: FamilyDeclaration["name"], meaning: string, labels: readonly string[]): FamilyDeclaration {
  return { name, help: `${meaning} ${NOTE}`, type: "gauge", labels: ["vault_node", ...labels] };
}

/** OpenBao has no replication and says nothing of it. */
function isMode(
  kind: "replicationDrMode" | "replicationPerformanceMode",
  mode: "primary" | "secondary",
): (health: Health) => boolean {
  return (health) => health[kind] === mode;
}
