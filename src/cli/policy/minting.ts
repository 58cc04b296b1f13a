import type { ActionPolicy } from "../../actions/policy.ts";
import { mintedPolicyName } from "../../lib/minted-policy.ts";
import { renderPolicy, type PolicyRule } from "../../lib/vault-policy.ts";
import type { OperatorSetup } from "./operator-setups.ts";

/** What Vault must hold so that approved calls get their tokens: a policy for each action, and the role that mints with them. */
export type Minting = {
  readonly clusters: readonly string[];
  readonly policies: readonly {
    readonly name: string;
    readonly action: string;
    readonly rules: readonly PolicyRule[];
  }[];
  readonly role: { readonly path: string; readonly settings: Readonly<Record<string, string>> };
};

/**
 * The role gives no token a longer life, whatever is asked; a step asks for its own time-out. A child of its login (`orphan=false`) dies with it,
 * and what is minted can do nothing that its policy does not say, for Vault's `default` policy is left out.
 */
const LONGEST_LIFE = "15m";

/** Gives what minting needs for the actions in use. */
export function mintingFor(
  { clusters, tokenRole, policyPrefix }: OperatorSetup,
  used: readonly ActionPolicy[],
): Minting {
  const policies = used.map(({ action, rules }) => ({ name: mintedPolicyName(policyPrefix, action), action, rules }));
  const settings = {
    allowed_policies: policies.map(({ name }) => name).join(","),
    orphan: "false",
    renewable: "false",
    token_no_default_policy: "true",
    token_explicit_max_ttl: LONGEST_LIFE,
    token_type: "service",
  };
  return { clusters, policies, role: { path: `auth/token/roles/${tokenRole}`, settings } };
}

/** Writes it as commands for a shell, ready to paste. Names and paths hold nothing that a shell would read. */
export function mintingCommands({ policies, role }: Minting, program: OperatorSetup["program"]): string {
  if (policies.length === 0) return "# no runbook in use has an action that calls Vault: there is nothing to mint\n";
  const writes = policies.map(
    ({ name, rules }) => `${program} policy write ${name} - <<'EOF'\n${renderPolicy(rules)}EOF\n`,
  );
  const settings = Object.entries(role.settings).map(([key, value]) => `${key}=${value}`);
  return `${writes.join("\n")}\n${program} write ${role.path} \\\n  ${settings.join(" \\\n  ")}\n`;
}
