import type { Family } from "../collector.ts";
import { gauge, withValue } from "../family.ts";
import { isUnsealed, type NodeProbe } from "../probe-nodes.ts";
import { leaderNamed } from "./leader-named.ts";
import { versionOf } from "./version-of.ts";

const reachable = gauge("sealwatch_cluster_reachable_nodes", "Configured nodes that answered.");
const unsealed = gauge("sealwatch_cluster_unsealed_nodes", "Configured nodes that answered and are unsealed.");
const active = gauge(
  "sealwatch_cluster_active_nodes",
  "Nodes that say of themselves that they are active: 1 is right, 0 serves nobody, 2 is an election or a split.",
);
const versions = gauge(
  "sealwatch_cluster_versions",
  "Different versions among the nodes that tell theirs: 2 is an upgrade, or one that was not finished; 0 when none tells.",
);
const leaderViews = gauge(
  "sealwatch_cluster_leader_views",
  "Different leaders that the unsealed nodes name. 2 is no split by itself: a standby goes on naming a dead leader, on OpenBao for minutes. It is one when sealwatch_cluster_active_nodes is 2 too.",
);

/** What is counted over the nodes of a cluster, without a token. */
export const CLUSTER_FAMILIES = [reachable, unsealed, active, versions, leaderViews] as const;

/** Counts over the nodes; 0 is a count too, so each has a sample whatever fails. */
export function clusterFamilies(probes: readonly NodeProbe[]): readonly Family[] {
  const count = (matches: (probe: NodeProbe) => boolean): number => probes.filter(matches).length;
  const reached = count(({ state }) => state !== "unreachable");
  const open = count(({ state }) => isUnsealed(state));
  const leading = count(({ state }) => state === "active");
  const views = probes.map((probe) => leaderNamed(probe, probes)).map((view) => view?.name ?? view?.address);
  return [
    withValue(reachable, reached),
    withValue(unsealed, open),
    withValue(active, leading),
    withValue(versions, different(probes.map(versionOf))),
    withValue(leaderViews, different(views)),
  ];
}

function different(words: readonly (string | undefined)[]): number {
  return new Set(words.filter((word) => word !== undefined)).size;
}
