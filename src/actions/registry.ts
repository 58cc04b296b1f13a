import type { Action, Check } from "./action.ts";
import { age } from "./backup/age.ts";
import { probe } from "./http/probe.ts";
import { query } from "./prometheus/query.ts";
import { queryRange } from "./prometheus/query-range.ts";
import { auditDevices } from "./vault/audit-devices.ts";
import { auditDisable } from "./vault/audit-disable.ts";
import { autopilot } from "./vault/autopilot.ts";
import { capabilities } from "./vault/capabilities.ts";
import { caughtUp } from "./vault/caught-up.ts";
import { clusterNodes } from "./vault/cluster-nodes.ts";
import { health } from "./vault/health.ts";
import { identity } from "./vault/identity.ts";
import { keyStatus } from "./vault/key-status.ts";
import { leader } from "./vault/leader.ts";
import { lease } from "./vault/lease.ts";
import { leases } from "./vault/leases.ts";
import { leasesCount } from "./vault/leases-count.ts";
import { metric } from "./vault/metric.ts";
import { quota } from "./vault/quota.ts";
import { rateLimitQuotaClear } from "./vault/rate-limit-quota-clear.ts";
import { rateLimitQuotaSet } from "./vault/rate-limit-quota-set.ts";
import { raftConfiguration } from "./vault/raft-configuration.ts";
import { raftPeers } from "./vault/raft-peers.ts";
import { raftRemovePeer } from "./vault/raft-remove-peer.ts";
import { revokeAccessor } from "./vault/revoke-accessor.ts";
import { revokePrefix } from "./vault/revoke-prefix.ts";
import { rotateKeyring } from "./vault/rotate-keyring.ts";
import { sealCluster } from "./vault/seal-cluster.ts";
import { sealNode } from "./vault/seal-node.ts";
import { sealStatus } from "./vault/seal-status.ts";
import { snapshotSave } from "./vault/snapshot-save.ts";
import { stepDown } from "./vault/step-down.ts";
import { token } from "./vault/token.ts";
import { versions } from "./vault/versions.ts";

/** Every check by its name: what runbooks may read. */
export const checks: ReadonlyMap<string, Check> = byName([
  age,
  auditDevices,
  autopilot,
  capabilities,
  caughtUp,
  clusterNodes,
  health,
  identity,
  keyStatus,
  leader,
  lease,
  leases,
  leasesCount,
  metric,
  probe,
  query,
  queryRange,
  quota,
  raftConfiguration,
  raftPeers,
  sealStatus,
  token,
  versions,
]);

/** Every action by its name: what runbooks may change. */
export const actions: ReadonlyMap<string, Action> = byName([
  auditDisable,
  raftRemovePeer,
  rateLimitQuotaClear,
  rateLimitQuotaSet,
  revokeAccessor,
  revokePrefix,
  rotateKeyring,
  sealCluster,
  sealNode,
  snapshotSave,
  stepDown,
]);

function byName<T extends { readonly name: string }>(items: readonly T[]): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [item.name, item]));
}
