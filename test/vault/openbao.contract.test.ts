import { renderPolicy } from "../../src/lib/vault-policy.ts";
import { vaultContract } from "../contracts/vault.contract.ts";
import { openBaoForTest } from "../support/openbao.ts";
import { describeWith } from "../support/real.ts";

describeWith(["openbao", "openssl"], "a real OpenBao cluster", () => {
  vaultContract(async () => {
    const cluster = await openBaoForTest({ nodes: 3, clusterName: "contract" });
    return {
      name: cluster.name,
      nodes: cluster.nodes.map(({ name, address }) => ({ name, address, raftNodeId: name })),
      caFile: cluster.caFile,
      rootToken: cluster.rootToken,
      createToken: async (rules) => await cluster.createToken(renderPolicy(rules)),
      seal: async (name) => await cluster.node(name).seal(),
      unseal: async (name) => await cluster.node(name).unseal(),
      stop: async (name) => await cluster.node(name).kill(),
      start: async (name) => {
        if (cluster.node(name).pid === undefined) await cluster.node(name).start();
      },
      [Symbol.asyncDispose]: cluster[Symbol.asyncDispose],
    };
  });
});
