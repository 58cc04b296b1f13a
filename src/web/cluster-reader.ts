import type { Clock } from "../lib/clock.ts";
import type { VaultCluster } from "../vault/cluster.ts";
import { readClusterState, type ClusterState } from "./cluster-state.ts";

/** Everybody who looks within this time after a read began shares it, in milliseconds. */
const SHARED_MS = 2000;

/** Gives a cluster's state now, or that of a moment ago. */
export type ClusterReader = (cluster: VaultCluster) => Promise<ClusterState>;

/** Makes a reader that asks a cluster at most once in 2 s, so that twenty people with the page open do not ask a struggling Vault twenty times. */
export function createClusterReader(clock: Clock): ClusterReader {
  const latest = new Map<string, { readonly at: number; readonly state: Promise<ClusterState> }>();
  return async (cluster) => {
    const at = clock.now();
    const held = latest.get(cluster.name);
    if (held !== undefined && Math.abs(at - held.at) < SHARED_MS) return await held.state;
    const state = readClusterState(cluster, at);
    latest.set(cluster.name, { at, state });
    return await state;
  };
}
