import type { Action, Check } from "./action.ts";
import { caughtUp } from "./vault/caught-up.ts";
import { clusterNodes } from "./vault/cluster-nodes.ts";
import { health } from "./vault/health.ts";
import { leader } from "./vault/leader.ts";
import { raftPeers } from "./vault/raft-peers.ts";
import { raftRemovePeer } from "./vault/raft-remove-peer.ts";
import { sealStatus } from "./vault/seal-status.ts";

/** Every check by its name: what runbooks may read. */
export const checks: ReadonlyMap<string, Check> = byName([
  caughtUp,
  clusterNodes,
  health,
  leader,
  raftPeers,
  sealStatus,
]);

/** Every action by its name: what runbooks may change. */
export const actions: ReadonlyMap<string, Action> = byName([raftRemovePeer]);

function byName<T extends { readonly name: string }>(items: readonly T[]): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [item.name, item]));
}
