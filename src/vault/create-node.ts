import type { VaultNode } from "./cluster.ts";
import { disableAuditDevice } from "./endpoints/audit-disable.ts";
import { readOperateCapabilities } from "./endpoints/capabilities-self.ts";
import { readIrrevocableLeases } from "./endpoints/leases-irrevocable.ts";
import { revokePrefix } from "./endpoints/leases-revoke-prefix.ts";
import { deleteRateLimitQuota, setRateLimitQuota } from "./endpoints/quota-changes.ts";
import { readAutopilotState } from "./endpoints/raft-autopilot-state.ts";
import { readRaftConfiguration } from "./endpoints/raft-configuration.ts";
import { removeRaftPeer } from "./endpoints/raft-remove-peer.ts";
import { streamRaftSnapshot } from "./endpoints/raft-snapshot.ts";
import { readSysHealth } from "./endpoints/sys-health.ts";
import { readSysLeader } from "./endpoints/sys-leader.ts";
import { rotateKeyring } from "./endpoints/sys-rotate.ts";
import { sealNode } from "./endpoints/sys-seal.ts";
import { readSysSealStatus } from "./endpoints/sys-seal-status.ts";
import { stepDown } from "./endpoints/sys-step-down.ts";
import { revokeAccessor } from "./endpoints/token-revoke-accessor.ts";
import { readEndpoint } from "./endpoint.ts";
import type { VaultTransport } from "./transport.ts";

/** Creates a node: the endpoints, bound to the transport to one server. */
export function createVaultNode(transport: VaultTransport, raftNodeId: string): VaultNode {
  return {
    name: transport.nodeName,
    raftNodeId,
    address: transport.address,
    read: async (endpoint, options) => await readEndpoint(transport, endpoint, options),
    stream: async (endpoint, options) => await transport.stream({ ...options, ...endpoint }),
    health: async (options) => await readSysHealth(transport, options),
    sealStatus: async (options) => await readSysSealStatus(transport, options),
    leader: async (options) => await readSysLeader(transport, options),
    probeListener: async (options) => await transport.probeListener(options),
    raftConfiguration: async (options) => await readRaftConfiguration(transport, options),
    autopilotState: async (options) => await readAutopilotState(transport, options),
    irrevocableLeases: async (options) => await readIrrevocableLeases(transport, options),
    operateCapabilities: async (paths, options) => await readOperateCapabilities(transport, paths, options),
    removeRaftPeer: async (nodeId, options) => {
      await removeRaftPeer(transport, nodeId, options);
    },
    stepDown: async (options) => {
      await stepDown(transport, options);
    },
    seal: async (options) => {
      await sealNode(transport, options);
    },
    rotateKeyring: async (options) => {
      await rotateKeyring(transport, options);
    },
    revokeAccessor: async (accessor, options) => {
      await revokeAccessor(transport, accessor, options);
    },
    revokePrefix: async (prefix, options) => {
      await revokePrefix(transport, prefix, options);
    },
    setRateLimitQuota: async (name, quota, options) => {
      await setRateLimitQuota(transport, name, quota, options);
    },
    deleteRateLimitQuota: async (name, options) => {
      await deleteRateLimitQuota(transport, name, options);
    },
    disableAuditDevice: async (path, options) => {
      await disableAuditDevice(transport, path, options);
    },
    streamRaftSnapshot: async (options) => await streamRaftSnapshot(transport, options),
  };
}
