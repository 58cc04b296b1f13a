import type { Collector } from "../../src/exporter/collector.ts";
import { mergePolicy, renderPolicy } from "../../src/lib/vault-policy.ts";
import type { OpenBaoCluster } from "../../src/sandbox/openbao/openbao.ts";
import type { VaultCluster } from "../../src/vault/cluster.ts";
import { createVaultCluster } from "../../src/vault/create-cluster.ts";

/** Our view of a real cluster, with a token that can do what the collectors declare and nothing more. */
export async function exporterView(bao: OpenBaoCluster, collectors: readonly Collector[]): Promise<VaultCluster> {
  const token = await bao.createToken(renderPolicy(mergePolicy(collectors.flatMap(({ policy }) => policy))));
  return createVaultCluster(
    {
      name: "prod",
      product: "openbao",
      clusterId: undefined,
      nodes: bao.nodes.map(({ name, address }) => ({ name, address })),
      tls: { caFile: bao.caFile },
      token: { env: "READ_TOKEN" },
      operatorToken: undefined,
    },
    { identityMemory: { load: () => undefined, save: () => {} }, env: { READ_TOKEN: token } },
  );
}
