import type { Collector, Sample } from "../collector.ts";
import { counter, gauge, withSamples } from "../family.ts";
import { CLUSTER_FAMILIES, clusterFamilies } from "../node/cluster-families.ts";
import { leaderNamed } from "../node/leader-named.ts";
import { LISTENER_READINGS } from "../node/listener-readings.ts";
import { readFamily } from "../node/reading.ts";
import { SEAL_READINGS } from "../node/seal-readings.ts";
import { STATE_READINGS } from "../node/state-readings.ts";
import { createUnsealRestarts } from "../node/unseal-restarts.ts";
import type { NodeProbe } from "../probe-nodes.ts";

const READINGS = [...STATE_READINGS, ...SEAL_READINGS, ...LISTENER_READINGS];

const leaderInfo = gauge(
  "sealwatch_node_leader_info",
  "1, with the configured node that this node names as active; an empty leader_node is an address that is none of ours. No sample while it knows of none (sealwatch_node_leader_known 0). What it names may be dead, on OpenBao for minutes.",
  ["vault_node", "leader_node"],
);
const nonceChanges = counter(
  "sealwatch_node_seal_nonce_changes_total",
  "Unseals of the node that were begun again, so that the key shares given before count no more: the nonce changed while the node stayed sealed. As seen by this exporter at its scrapes; always a sample for every configured node.",
  ["vault_node"],
);

/** Creates the collector of what each node says of itself; needs no token, so it works while Vault does not. */
export function createNodeCollector(): Collector {
  const unsealRestarts = createUnsealRestarts();
  return {
    name: "node",
    help: "State, seal and certificate of every node, from sys/health, sys/seal-status, sys/leader and its listener, without a token.",
    families: [...READINGS.map(({ family }) => family), leaderInfo, nonceChanges, ...CLUSTER_FAMILIES],
    policy: [],
    perNode: READINGS.map(({ family }) => family.name),
    async collect({ cluster, probes, note }) {
      const found = await probes();
      // Silence is data, but a stranger at a node's address is a mistake in the configuration.
      for (const { failure } of found) if (failure?.reason === "wrong-cluster") note(failure);
      return [
        ...READINGS.map((each) => readFamily(each, found)),
        withSamples(leaderInfo, leaderSamples(found)),
        withSamples(nonceChanges, restartSamples(unsealRestarts(cluster.name, found))),
        ...clusterFamilies(found),
      ];
    },
  };
}

function leaderSamples(probes: readonly NodeProbe[]): readonly Sample[] {
  return probes.flatMap((probe) => {
    const named = leaderNamed(probe, probes);
    if (named === undefined) return [];
    return [{ labels: { vault_node: probe.node.name, leader_node: named.name ?? "" }, value: 1 }];
  });
}

function restartSamples(restarts: ReadonlyMap<string, number>): readonly Sample[] {
  return [...restarts].map(([vault_node, value]) => ({ labels: { vault_node }, value }));
}
