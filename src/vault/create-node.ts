import type { VaultNode } from "./cluster.ts";
import { readOperateCapabilities } from "./endpoints/capabilities-self.ts";
import { readIrrevocableLeases } from "./endpoints/leases-irrevocable.ts";
import { readAutopilotState } from "./endpoints/raft-autopilot-state.ts";
import { readRaftConfiguration } from "./endpoints/raft-configuration.ts";
import { removeRaftPeer } from "./endpoints/raft-remove-peer.ts";
import { readSysHealth } from "./endpoints/sys-health.ts";
import { readSysLeader } from "./endpoints/sys-leader.ts";
import { readSysSealStatus } from "./endpoints/sys-seal-status.ts";
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
  };
}
