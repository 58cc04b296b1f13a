import { FailureError } from "../../lib/failure.ts";
import type { LoginDependencies, TokenConfig } from "../cluster-tokens.ts";
import type { Operator, VaultCluster } from "../cluster.ts";
import { createMintingOperator } from "./minting-operator.ts";
import type { MintingOptions } from "./minting-operator.ts";

/** What an operator needs besides its configuration. */
export type OperatorDependencies = Pick<MintingOptions, "cluster" | "transports" | "clusterId"> & {
  /** Undefined: nobody logs in, and nothing is minted. */
  readonly login: LoginDependencies | undefined;
};

/** Creates the operator that a cluster's configuration describes; sends nothing before a call is approved. */
export function createOperator(config: TokenConfig, dependencies: OperatorDependencies): Operator {
  const { name, operator, operatorToken, token, auth, namespace } = config;
  const { login, ...rest } = dependencies;
  if (operator !== undefined) {
    const words = unusable(name, "nobody logs in here", "this part of sealwatch only reads");
    return login === undefined
      ? refusing("minted", words)
      : createMintingOperator({ ...rest, ...login, name, config: operator, namespace });
  }
  if (operatorToken !== undefined)
    return fixed(rest.cluster, "the configured token for actions (clusters[].operatorToken)");
  if (token !== undefined)
    return fixed(rest.cluster, "the configured token for reading (clusters[].token), which may act too");
  if (auth !== undefined)
    return fixed(rest.cluster, "the token that sealwatch logged in for (clusters[].auth), which may act too");
  const advice = "set clusters[].operator (a token for each approved call) or clusters[].operatorToken";
  return refusing("none", unusable(name, "none is configured", advice));
}

function fixed(cluster: () => VaultCluster, source: string): Operator {
  return {
    kind: "static",
    describe: () => `${source}; it serves every call, and nothing is revoked after this one`,
    open: async () => ({
      cluster: cluster(),
      end: async () => ({ text: "the configured token was used: nothing was minted", revoked: "not-needed" }),
    }),
  };
}

function refusing(kind: "minted" | "none", message: string): Operator {
  return {
    kind,
    describe: () => message,
    open: async () => {
      throw new FailureError({ reason: "denied", retryable: false, message });
    },
  };
}

function unusable(name: string, why: string, advice: string): string {
  return `cannot give a token for actions on ${name}: ${why}; ${advice}`;
}
