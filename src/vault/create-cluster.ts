import type { ClusterConfig } from "../config/schema.ts";
import type { NodeDiscovery } from "../discovery/node-discovery.ts";
import { FailureError, type Failure } from "../lib/failure.ts";
import { suggestion } from "../lib/nearest.ts";
import type { IdentityMemory, Product, VaultCluster, VaultNode } from "./cluster.ts";
import { readClusterIdentity } from "./cluster-identity.ts";
import { createClusterTokens } from "./cluster-tokens.ts";
import type { ClusterTokens, LoginDependencies } from "./cluster-tokens.ts";
import { detectProduct } from "./detect-product.ts";
import { findActiveNode } from "./find-active-node.ts";
import { createVaultTransport } from "./http-transport.ts";
import { createLiveNodes, type NodeAddress } from "./live-nodes.ts";
import { observeTransport, type ObserveCall } from "./observe-transport.ts";
import { createOperator } from "./operator/create-operator.ts";
import type { VaultTransport } from "./transport.ts";

/** The part of a cluster's configuration that reaching it takes. */
export type ClusterAddress = Pick<
  ClusterConfig,
  "name" | "product" | "clusterId" | "namespace" | "nodes" | "tls" | "token" | "auth" | "operatorToken" | "operator"
> &
  Partial<Pick<ClusterConfig, "expectedNodes">>;

/** What a cluster needs from outside; all but the memory have defaults. */
export type ClusterDependencies = {
  readonly identityMemory: IdentityMemory;
  /** Where `{ env }` tokens are looked up; default: nowhere. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What logging in takes; without it a cluster that is configured with `auth` gives no token. */
  readonly login?: LoginDependencies;
  /** Finds nodes besides the configured ones; whoever gives it starts and stops it. */
  readonly discovery?: NodeDiscovery | undefined;
  /** Is told once of each reason why a found node cannot be spoken to; default: nobody. */
  readonly report?: (failure: Failure) => void;
  readonly transportFor?: (node: NodeAddress) => VaultTransport;
  /** Is told of every call. */
  readonly observe?: ObserveCall;
};

/** Creates a cluster from its configuration; opens no connection. Throws reason `refused` for unreadable TLS files. */
export function createVaultCluster(config: ClusterAddress, dependencies: ClusterDependencies): VaultCluster {
  const reach = {
    login: dependencies.login,
    transports: () => live.transports(),
    clusterId: () => config.clusterId ?? dependencies.identityMemory.load(config.name)?.clusterId,
  };
  const tokens = createClusterTokens(config, { env: dependencies.env ?? {}, ...reach });
  const transportFor = dependencies.transportFor ?? transportsOf(config, tokens);
  const { discovery, observe, report = () => {} } = dependencies;
  const live = createLiveNodes({
    configured: config.nodes,
    discovery,
    report,
    transportFor: (node) =>
      observe === undefined ? transportFor(node) : observeTransport(transportFor(node), observe),
  });
  const question = () => ({
    cluster: config.name,
    nodes: live.current(),
    configuredId: config.clusterId,
    memory: dependencies.identityMemory,
  });
  let product: Product = config.product === "auto" ? "unknown" : config.product;
  const cluster: VaultCluster = {
    name: config.name,
    get nodes() {
      return live.current();
    },
    get expectedNodes() {
      return config.expectedNodes ?? live.most();
    },
    ...(discovery === undefined
      ? {}
      : { discovery: { kind: discovery.kind, nodes: discovery.nodes, status: discovery.status } }),
    node: (name) => findNode(config.name, live.current(), name),
    activeNode: async (options) => await findActiveNode(config.name, live.current(), options),
    identity: async (options) => await readClusterIdentity(question(), options),
    knownIdentity: () =>
      config.clusterId === undefined
        ? dependencies.identityMemory.load(config.name)
        : { clusterId: config.clusterId, clusterName: "" },
    product: async (options) => {
      if (product === "unknown") product = await detectProduct(live.current(), options);
      return product;
    },
    operator: createOperator(config, { ...reach, cluster: () => cluster }),
    ...(tokens.stats === undefined ? {} : { authStats: tokens.stats }),
    close: async () => {
      await tokens.close();
      await live.close();
    },
  };
  return cluster;
}

function transportsOf(config: ClusterAddress, tokens: ClusterTokens): (node: NodeAddress) => VaultTransport {
  return (node) =>
    createVaultTransport({
      node,
      tls: { ...config.tls, serverName: node.serverName ?? config.tls.serverName },
      tokens,
      namespace: config.namespace,
    });
}

function findNode(cluster: string, nodes: readonly VaultNode[], name: string): VaultNode {
  const found = nodes.find((node) => node.name === name);
  if (found !== undefined) return found;
  const known = nodes.map((node) => node.name);
  throw new FailureError({
    reason: "not-found",
    retryable: false,
    message: `cannot find node ${name} in ${cluster}: no node has this name${suggestion(name, known)}`,
  });
}
