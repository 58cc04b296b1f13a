import type { PolicyRule } from "../../lib/vault-policy.ts";
import { mergePolicy } from "../../lib/vault-policy.ts";
import type { OperatorSetup } from "./operator-setups.ts";

/** Gives what the login of `clusters[].operator` may do: mint, and revoke itself with what it minted. Nothing of Vault's `default` policy is needed. */
export function operatorPolicy(setups: readonly OperatorSetup[]): readonly PolicyRule[] {
  return mergePolicy([
    { path: "auth/token/revoke-self", capabilities: ["update"] },
    ...setups.map(({ tokenRole }): PolicyRule => ({
      path: `auth/token/create/${tokenRole}`,
      capabilities: ["update"],
    })),
  ]);
}
