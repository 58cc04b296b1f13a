import type { VaultCluster } from "../../../src/vault/cluster.ts";
import { createVaultCluster } from "../../../src/vault/create-cluster.ts";
import { startNativeServer, type NativeServer, type NativeServerOptions } from "./native-server.ts";

/** Fake nodes `vault-0`, `vault-1` and so on, and our view of them. */
export type NativeCluster = AsyncDisposable & {
  readonly cluster: VaultCluster;
  readonly servers: readonly NativeServer[];
};

/** Starts fake nodes and gives a cluster over real sockets. */
export async function nativeCluster(nodes: readonly NativeServerOptions[]): Promise<NativeCluster> {
  const servers = await Promise.all(nodes.map(startNativeServer));
  const cluster = clusterAt(servers.map(({ address }) => address));
  return {
    cluster,
    servers,
    [Symbol.asyncDispose]: async () => {
      await cluster.close();
      await Promise.all(servers.map(async (server) => await server[Symbol.asyncDispose]()));
    },
  };
}

/** Our view of nodes at these addresses. */
export function clusterAt(addresses: readonly string[]): VaultCluster {
  return createVaultCluster(
    {
      name: "prod",
      product: "openbao",
      clusterId: undefined,
      namespace: undefined,
      nodes: addresses.map((address, index) => ({ name: `vault-${index}`, address })),
      tls: {},
      token: { env: "READ_TOKEN" },
      auth: undefined,
      operatorToken: undefined,
    },
    { identityMemory: { load: () => undefined, save: () => {} }, env: { READ_TOKEN: "a token of the test" } },
  );
}
