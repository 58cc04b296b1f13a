import { FailureError } from "../lib/failure.ts";
import type { PolicyRule } from "../lib/vault-policy.ts";
import { renderPolicyRule } from "../lib/vault-policy.ts";
import type { VaultNode } from "../vault/cluster.ts";
import type { ActionContext, Precondition } from "./action.ts";
import { nodeRead } from "./node-read.ts";

/** What the token for actions must be permitted so that it may ask what it is permitted; Vault's `default` policy has it. */
export const PERMITTED_POLICY = {
  path: "sys/capabilities-self",
  capabilities: ["update"],
} as const satisfies PolicyRule;

/**
 * Says whether the call will have a token that may make it, so that nobody is asked to approve what Vault will refuse. A minted token is made for
 * the call, so there is nothing to ask yet; a configured token that may not ask about itself is let pass: only the call will tell. Without an
 * active node nobody can say what a token may do, and none can be minted; an action that calls no Vault needs none.
 */
export async function readPermittedPrecondition(
  context: ActionContext,
  active: VaultNode | undefined,
  calls: readonly PolicyRule[],
  action: string,
): Promise<Precondition> {
  const { operator } = context.cluster;
  if (calls.length === 0) return fact(true, "not needed", "Vault is not called: no token is needed");
  if (operator.kind === "none") return fact(false, "none", operator.describe(action));
  if (active === undefined) return fact(false, "no leader", NO_LEADER);
  if (operator.kind === "static") return await judgeConfigured(context, active, calls);
  return fact(true, "minted at approval", operator.describe(action));
}

const NO_LEADER =
  "no node is unsealed and leads: no token can be checked or minted; unseal or start nodes until one leads";
const NO_TOKEN =
  "there is no valid token for actions: none is configured, or it expired or was revoked; renew clusters[].operatorToken (or clusters[].token)";
const UNCHECKED =
  "it could not be checked whether the token for actions may do it: it may not ask; add to its policy, which Vault's default policy has: " +
  renderPolicyRule(PERMITTED_POLICY);

async function judgeConfigured(
  context: ActionContext,
  active: VaultNode,
  calls: readonly PolicyRule[],
): Promise<Precondition> {
  const held = await readCapabilities(context, active, calls);
  if (held === "invalid") return fact(false, held, NO_TOKEN);
  if (held === undefined) return fact(true, "unchecked", UNCHECKED);
  const missing = calls.filter(({ path, capabilities }) => !permits(held[path] ?? [], capabilities));
  if (missing.length === 0) return fact(true, "permitted", "the token for actions may do it");
  const lines = missing.map(renderPolicyRule).join(" ");
  return fact(false, "missing", `the token for actions may not do it; add to its policy: ${lines}`);
}

async function readCapabilities(context: ActionContext, active: VaultNode, calls: readonly PolicyRule[]) {
  try {
    const paths = calls.map(({ path }) => path);
    return await active.operateCapabilities(paths, nodeRead(context));
  } catch (error) {
    if (error instanceof FailureError && error.reason === "denied") return "invalid";
    throw error;
  }
}

function permits(held: readonly string[], needed: readonly string[]): boolean {
  return held.includes("root") || needed.every((capability) => held.includes(capability));
}

function fact(ok: boolean, value: string, text: string): Precondition {
  return { name: "permitted", ok, value, text };
}
