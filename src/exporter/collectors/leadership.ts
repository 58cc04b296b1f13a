import type { Collector } from "../collector.ts";
import { counter, gauge, withSamples, withValue } from "../family.ts";
import { createLeaderHistory } from "../leader-history.ts";

const changesTotal = counter(
  "sealwatch_cluster_leader_changes_total",
  "Changes of the active node that this exporter saw at its scrapes: another node is active, or the same one since another time. At least so many happened. Always a sample for every configured cluster.",
);
const leaderInfo = gauge(
  "sealwatch_cluster_leader_info",
  "1, with the node that is active; of two that say so of themselves the one that became active later. No sample while none does.",
  ["vault_node"],
);
const since = gauge(
  "sealwatch_cluster_leader_since_timestamp_seconds",
  "When the active node became active, as a Unix time by its own clock. No sample while none is active, or without high availability.",
);

/** Creates the collector of who leads and how often that changed; it needs no token and trusts no node's word about another. */
export function createLeadershipCollector(): Collector {
  const history = createLeaderHistory();
  return {
    name: "leadership",
    help: "Who is active, since when, and how often that changed while this exporter looked, without a token.",
    families: [changesTotal, leaderInfo, since],
    policy: [],
    async collect({ cluster, probes }) {
      const { leader, changes } = history(cluster.name, await probes());
      return [
        withValue(changesTotal, changes),
        withSamples(leaderInfo, leader === undefined ? [] : [{ labels: { vault_node: leader.node }, value: 1 }]),
        withValue(since, leader?.since === undefined ? undefined : leader.since / 1000),
      ];
    },
  };
}
