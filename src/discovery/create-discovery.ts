import type { ClusterConfig } from "../config/schema.ts";
import { exhaustive } from "../lib/exhaustive.ts";
import type { VaultCluster } from "../vault/cluster.ts";
import type { DiscoveryWorld } from "./discovery-world.ts";
import { createDnsDiscovery } from "./dns.ts";
import { createKubernetesDiscovery } from "./kubernetes.ts";
import { openKubernetesApi } from "./kubernetes-api.ts";
import type { NodeDiscovery } from "./node-discovery.ts";
import { createRaftDiscovery } from "./raft.ts";

/** The part of a cluster's configuration that looking for its nodes takes. */
export type DiscoveryConfig = Pick<ClusterConfig, "nodes" | "tls" | "discovery">;

/** What a discovery takes from outside. */
export type DiscoveryDependencies = DiscoveryWorld & {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The cluster whose nodes are looked for; raft's members are told by its active node. */
  readonly cluster: () => VaultCluster;
};

/** Creates the discovery that a cluster's configuration asks for, undefined when every node is listed there. Looks for nothing yet. */
export function createDiscovery(
  config: DiscoveryConfig,
  dependencies: DiscoveryDependencies,
): NodeDiscovery | undefined {
  const { discovery, tls } = config;
  if (discovery === undefined) return undefined;
  switch (discovery.type) {
    case "dns":
      return createDnsDiscovery(
        {
          ...discovery,
          serverName: discovery.serverName ?? tls.serverName,
          hasOwnAuthority: tls.caFile !== undefined,
        },
        dependencies,
      );
    case "raft": {
      const configured = config.nodes.map(({ name, address, raftNodeId = name }) => ({ name, address, raftNodeId }));
      return createRaftDiscovery({ ...discovery, configured, cluster: dependencies.cluster }, dependencies);
    }
    case "kubernetes": {
      const openApi = async () => await openKubernetesApi({ ...discovery, env: dependencies.env });
      return createKubernetesDiscovery({ addressing: discovery, openApi }, dependencies);
    }
    default:
      return exhaustive(discovery);
  }
}
