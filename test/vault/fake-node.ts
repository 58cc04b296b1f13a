import type { VaultNode } from "../../src/vault/cluster.ts";
import type { SysHealth } from "../../src/vault/endpoints/sys-health.ts";
import type { SysLeader } from "../../src/vault/endpoints/sys-leader.ts";
import type { SysSealStatus } from "../../src/vault/endpoints/sys-seal-status.ts";

/** A node whose every call fails, but for those that a test gives. */
export function fakeNode(name: string, calls: Partial<VaultNode> = {}): VaultNode {
  const unknown = async (): Promise<never> => await Promise.reject(new Error(`${name} was not to be asked this`));
  return {
    name,
    raftNodeId: name,
    address: `http://${name}:8200`,
    health: unknown,
    sealStatus: unknown,
    leader: unknown,
    probeListener: unknown,
    raftConfiguration: unknown,
    autopilotState: unknown,
    irrevocableLeases: unknown,
    read: unknown,
    stream: unknown,
    operateCapabilities: unknown,
    removeRaftPeer: unknown,
    stepDown: unknown,
    seal: unknown,
    rotateKeyring: unknown,
    revokeAccessor: unknown,
    revokePrefix: unknown,
    setRateLimitQuota: unknown,
    deleteRateLimitQuota: unknown,
    disableAuditDevice: unknown,
    streamRaftSnapshot: unknown,
    ...calls,
  };
}

/** A standby's `sys/leader` that knows of no leader, with changes. */
export function leader(changes: Partial<SysLeader> = {}): SysLeader {
  return {
    haEnabled: true,
    isSelf: false,
    activeTime: undefined,
    leaderAddress: "",
    leaderClusterAddress: "",
    raftCommittedIndex: 1,
    raftAppliedIndex: 1,
    ...changes,
  };
}

/** A standby's `sys/health`, with changes. */
export function health(changes: Partial<SysHealth> = {}): SysHealth {
  return {
    statusCode: 429,
    initialized: true,
    sealed: false,
    standby: true,
    serverTimeSeconds: 1,
    version: "2.7.2",
    clusterName: "prod",
    clusterId: "id-1",
    removedFromCluster: undefined,
    haConnectionHealthy: undefined,
    performanceStandby: undefined,
    enterprise: false,
    hasVaultOnlyKeys: false,
    ...changes,
  };
}

/** An unsealed node's `sys/seal-status`, with changes. */
export function seal(changes: Partial<SysSealStatus> = {}): SysSealStatus {
  return {
    type: "shamir",
    initialized: true,
    sealed: false,
    threshold: 1,
    shares: 1,
    progress: 0,
    nonce: "",
    version: "2.7.2",
    migration: false,
    recoverySeal: false,
    storageType: "inmem",
    removedFromCluster: undefined,
    clusterName: "prod",
    clusterId: undefined,
    ...changes,
  };
}
