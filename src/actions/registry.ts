import type { Action, Check } from "./action.ts";
import { age } from "./backup/age.ts";
import { snapshot } from "./backup/snapshot.ts";
import { probe } from "./http/probe.ts";
import { run } from "./exec/run.ts";
import { list } from "./investigation/list.ts";
import { query } from "./prometheus/query.ts";
import { queryRange } from "./prometheus/query-range.ts";
import { latest } from "./run/latest.ts";
import { answerTime } from "./vault/answer-time.ts";
import { auditDevices } from "./vault/audit-devices.ts";
import { auditDisable } from "./vault/audit-disable.ts";
import { authMethod } from "./vault/auth-method.ts";
import { autopilot } from "./vault/autopilot.ts";
import { capabilities } from "./vault/capabilities.ts";
import { caughtUp } from "./vault/caught-up.ts";
import { clocks } from "./vault/clocks.ts";
import { clusterNodes } from "./vault/cluster-nodes.ts";
import { clusterPorts } from "./vault/cluster-ports.ts";
import { health } from "./vault/health.ts";
import { host } from "./vault/host.ts";
import { identity } from "./vault/identity.ts";
import { keyCeremonies } from "./vault/key-ceremonies.ts";
import { keyStatus } from "./vault/key-status.ts";
import { latency } from "./vault/latency.ts";
import { leader } from "./vault/leader.ts";
import { lease } from "./vault/lease.ts";
import { leaseCulprits } from "./vault/lease-culprits.ts";
import { leasePrefix } from "./vault/lease-prefix.ts";
import { leases } from "./vault/leases.ts";
import { leasesCount } from "./vault/leases-count.ts";
import { metric } from "./vault/metric.ts";
import { newMember } from "./vault/new-member.ts";
import { openNodes } from "./vault/open-nodes.ts";
import { quota } from "./vault/quota.ts";
import { rateLimitQuotaClear } from "./vault/rate-limit-quota-clear.ts";
import { rateLimitQuotaSet } from "./vault/rate-limit-quota-set.ts";
import { raftConfiguration } from "./vault/raft-configuration.ts";
import { raftPeers } from "./vault/raft-peers.ts";
import { raftRemovePeer } from "./vault/raft-remove-peer.ts";
import { revokeAccessor } from "./vault/revoke-accessor.ts";
import { revokeList } from "./vault/revoke-list.ts";
import { revokePrefix } from "./vault/revoke-prefix.ts";
import { rotateKeyring } from "./vault/rotate-keyring.ts";
import { sealCluster } from "./vault/seal-cluster.ts";
import { sealNode } from "./vault/seal-node.ts";
import { sealStatus } from "./vault/seal-status.ts";
import { snapshotSave } from "./vault/snapshot-save.ts";
import { stability } from "./vault/stability.ts";
import { stepDown } from "./vault/step-down.ts";
import { survivors } from "./vault/survivors.ts";
import { token } from "./vault/token.ts";
import { upgradeOrder } from "./vault/upgrade-order.ts";
import { versions } from "./vault/versions.ts";

/** Every check by its name: what runbooks may read. */
export const checks: ReadonlyMap<string, Check> = byName([
  age,
  answerTime,
  auditDevices,
  authMethod,
  autopilot,
  capabilities,
  caughtUp,
  clocks,
  clusterNodes,
  clusterPorts,
  health,
  host,
  identity,
  keyCeremonies,
  keyStatus,
  latency,
  latest,
  leader,
  lease,
  leaseCulprits,
  leasePrefix,
  leases,
  leasesCount,
  list,
  metric,
  newMember,
  openNodes,
  probe,
  query,
  queryRange,
  quota,
  raftConfiguration,
  raftPeers,
  sealStatus,
  stability,
  survivors,
  snapshot,
  token,
  upgradeOrder,
  versions,
]);

/** Every action by its name: what runbooks may change. */
export const actions: ReadonlyMap<string, Action> = byName([
  auditDisable,
  raftRemovePeer,
  rateLimitQuotaClear,
  rateLimitQuotaSet,
  revokeAccessor,
  revokeList,
  revokePrefix,
  rotateKeyring,
  run,
  sealCluster,
  sealNode,
  snapshotSave,
  stepDown,
]);

function byName<T extends { readonly name: string }>(items: readonly T[]): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [item.name, item]));
}
