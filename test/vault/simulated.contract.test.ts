import { describe } from "@jest/globals";
import { startSimulatedCluster } from "../../src/sandbox/vault/start-simulated-cluster.ts";
import { vaultContract } from "../contracts/vault.contract.ts";

describe("a simulated cluster", () => {
  vaultContract(async () => {
    const cluster = await startSimulatedCluster({ clock: { now: () => Date.now() }, clusterName: "simulated" });
    let tokens = 0;
    return {
      ...cluster,
      name: cluster.clusterName,
      caFile: undefined,
      createToken: async (rules) => {
        tokens += 1;
        const token = `s.simulated-${tokens}`;
        cluster.policy(token, rules);
        return await Promise.resolve(token);
      },
      seal: async (name) => await Promise.resolve(cluster.seal(name)),
      unseal: async (name) => await Promise.resolve(cluster.unseal(name)),
    };
  });
});
