import type { ClusterConfig } from "../config/schema.ts";
import { FailureError } from "../lib/failure.ts";
import { suggestion } from "../lib/nearest.ts";
import type { IdentityMemory, Product, VaultCluster, VaultNode } from "./cluster.ts";
import { readClusterIdentity } from "./cluster-identity.ts";
import { createVaultNode } from "./create-node.ts";
import { createTokenSource } from "./create-token-source.ts";
import { detectProduct } from "./detect-product.ts";
import { findActiveNode } from "./find-active-node.ts";
import { createVaultTransport } from "./http-transport.ts";
import type { VaultTransport } from "./transport.ts";

/** The part of a cluster's configuration that reaching it takes. */
export type ClusterAddress = Pick<
  ClusterConfig,
  "name" | "product" | "clusterId" | "nodes" | "tls" | "token" | "operatorToken"
>;

/** What a cluster needs from outside; all but the memory have defaults. */
export type ClusterDependencies = {
  readonly identityMemory: IdentityMemory;
  /** Where `{ env }` tokens are looked up; default: nowhere. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly transportFor?: (node: ClusterAddress["nodes"][number]) => VaultTransport;
};

/** Creates a cluster from its configuration; opens no connection. Throws reason `refused` for unreadable TLS files. */
export function createVaultCluster(config: ClusterAddress, dependencies: ClusterDependencies): VaultCluster {
  const transportFor = dependencies.transportFor ?? transportsOf(config, dependencies.env ?? {});
  const transports = config.nodes.map(transportFor);
  const nodes = transports.map((transport, index) => {
    const node = config.nodes[index];
    return createVaultNode(transport, node?.raftNodeId ?? transport.nodeName);
  });
  const question = {
    cluster: config.name,
    nodes,
    configuredId: config.clusterId,
    memory: dependencies.identityMemory,
  };
  let product: Product = config.product === "auto" ? "unknown" : config.product;
  return {
    name: config.name,
    nodes,
    node: (name) => findNode(config.name, nodes, name),
    activeNode: async (options) => await findActiveNode(config.name, nodes, options),
    identity: async (options) => await readClusterIdentity(question, options),
    knownIdentity: () =>
      config.clusterId === undefined
        ? dependencies.identityMemory.load(config.name)
        : { clusterId: config.clusterId, clusterName: "" },
    product: async (options) => {
      if (product === "unknown") product = await detectProduct(nodes, options);
      return product;
    },
    close: async () => {
      await Promise.all(transports.map(async (transport) => await transport.close()));
    },
  };
}

function transportsOf(
  config: ClusterAddress,
  env: Readonly<Record<string, string | undefined>>,
): (node: ClusterAddress["nodes"][number]) => VaultTransport {
  const read = config.token === undefined ? undefined : createTokenSource(config.token, env);
  const operate = config.operatorToken === undefined ? read : createTokenSource(config.operatorToken, env);
  const tokens = { ...(read === undefined ? {} : { read }), ...(operate === undefined ? {} : { operate }) };
  return (node) =>
    createVaultTransport({
      node,
      tls: { ...config.tls, serverName: node.serverName ?? config.tls.serverName },
      tokens,
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
