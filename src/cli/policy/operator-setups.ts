import type { ClusterConfig, Config } from "../../config/schema.ts";
import { Operator } from "../../config/sections/operator.ts";

/** What one way to mint takes in Vault, and the clusters that are configured with it. */
export type OperatorSetup = {
  /** Empty: no cluster has `operator` yet, and this is what it would be by default. */
  readonly clusters: readonly string[];
  readonly tokenRole: string;
  readonly policyPrefix: string;
  /** The program that people type: `bao` where every cluster is configured as OpenBao. */
  readonly program: "vault" | "bao";
};

/** Gives the different ways to mint of a configuration; the default one when no cluster mints. */
export function operatorSetups({ clusters }: Pick<Config, "clusters">): readonly OperatorSetup[] {
  const minting = clusters.filter(({ operator }) => operator !== undefined);
  const byNames = Map.groupBy(minting, ({ operator }) => `${operator?.tokenRole} ${operator?.policyPrefix}`);
  const setups = [...byNames.values()].map((alike) => setupOf(alike));
  return setups.length > 0 ? setups : [setupOf([], clusters)];
}

function setupOf(alike: readonly ClusterConfig[], judged: readonly ClusterConfig[] = alike): OperatorSetup {
  const { tokenRole, policyPrefix } = alike[0]?.operator ?? {
    tokenRole: Operator.shape.tokenRole.parse(undefined),
    policyPrefix: Operator.shape.policyPrefix.parse(undefined),
  };
  const program = judged.every(({ product }) => product === "openbao") ? "bao" : "vault";
  return { clusters: alike.map(({ name }) => name), tokenRole, policyPrefix, program };
}
