import type { Operator, VaultCluster } from "../../../src/vault/cluster.ts";

/** An operator that has one token for all calls, as a cluster with `operatorToken` has; a session is the cluster itself. */
export function fakeOperator(cluster: () => VaultCluster, kind: Operator["kind"] = "static"): Operator {
  return {
    kind,
    describe: (action) => `${kind}: the token for ${action}`,
    open: async () => ({
      cluster: cluster(),
      end: async () => ({ text: "nothing was minted", revoked: "not-needed" }),
    }),
  };
}

/** An operator that nobody is to ask. */
export const unaskedOperator: Operator = {
  kind: "none",
  describe: () => "nobody is to ask this",
  open: async () => await Promise.reject(new Error("no call is approved here")),
};
