import { FailureError, type FailureReason } from "../../src/lib/failure.ts";
import type { VaultCluster, VaultNode } from "../../src/vault/cluster.ts";
import type { SysHealth } from "../../src/vault/endpoints/sys-health.ts";
import type { SysSealStatus } from "../../src/vault/endpoints/sys-seal-status.ts";
import { unaskedOperator } from "../vault/operator/fake-operator.ts";

/** What a fake node answers; a reason stands for a call that fails with it. */
export type FakeNode = {
  readonly health?: Partial<SysHealth> | FailureReason;
  readonly seal?: Partial<SysSealStatus> | FailureReason;
};

const HEALTH: SysHealth = {
  statusCode: 200,
  initialized: true,
  sealed: false,
  standby: true,
  serverTimeSeconds: 0,
  version: "2.1.1",
  clusterName: "vault-cluster-1",
  clusterId: "id-1",
  removedFromCluster: undefined,
  haConnectionHealthy: undefined,
  performanceStandby: undefined,
  enterprise: false,
  hasVaultOnlyKeys: false,
};

const SEAL: SysSealStatus = {
  type: "shamir",
  initialized: true,
  sealed: false,
  threshold: 3,
  shares: 5,
  progress: 0,
  nonce: "",
  version: "2.1.1",
  migration: false,
  recoverySeal: false,
  storageType: "raft",
  removedFromCluster: undefined,
  clusterName: undefined,
  clusterId: undefined,
};

/** A cluster whose nodes answer what they are told, and which counts the reads. Every call that needs a token fails the test. */
export type FakeCluster = VaultCluster & { readonly reads: () => number };

/** Makes a fake cluster: token-free reads of its nodes, and nothing else. */
export function fakeCluster(name: string, nodes: Readonly<Record<string, FakeNode>>): FakeCluster {
  let reads = 0;
  const counted = async <T>(node: string, base: T, answer: Partial<T> | FailureReason = {}): Promise<T> => {
    reads += 1;
    if (typeof answer !== "string") return { ...base, ...answer };
    throw new FailureError({ reason: answer, message: `cannot read ${node}: ${answer}; look at it`, retryable: true });
  };
  const made = Object.entries(nodes).map(([node, { health, seal }]): VaultNode => ({
    name: node,
    raftNodeId: node,
    address: `https://${node}.example:8200`,
    health: async () => await counted(node, HEALTH, health),
    sealStatus: async () => await counted(node, SEAL, seal),
    leader: forbidden,
    probeListener: forbidden,
    raftConfiguration: forbidden,
    autopilotState: forbidden,
    irrevocableLeases: forbidden,
    read: forbidden,
    stream: forbidden,
    operateCapabilities: forbidden,
    removeRaftPeer: forbidden,
    stepDown: forbidden,
    seal: forbidden,
    rotateKeyring: forbidden,
    revokeAccessor: forbidden,
    revokePrefix: forbidden,
    setRateLimitQuota: forbidden,
    deleteRateLimitQuota: forbidden,
    disableAuditDevice: forbidden,
    streamRaftSnapshot: forbidden,
  }));
  return {
    name,
    nodes: made,
    expectedNodes: made.length,
    node: forbiddenNow,
    activeNode: forbidden,
    identity: forbidden,
    knownIdentity: forbiddenNow,
    operator: unaskedOperator,
    product: forbidden,
    close: async () => {},
    reads: () => reads,
  };
}

async function forbidden(): Promise<never> {
  return forbiddenNow();
}

function forbiddenNow(): never {
  throw new Error("a page made a call that it must not make");
}
