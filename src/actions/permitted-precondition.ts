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
 * Says whether the token for actions may make these calls, so that nobody is asked to approve what Vault will refuse. A token that may not
 * ask about itself is let pass: only the call will tell.
 */
export async function readPermittedPrecondition(
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

const NO_TOKEN =
  "there is no valid token for actions: none is configured, or it expired or was revoked; renew clusters[].operatorToken (or clusters[].token)";
const UNCHECKED =
  "it could not be checked whether the token for actions may do it: it may not ask; add to its policy, which Vault's default policy has: " +
  renderPolicyRule(PERMITTED_POLICY);

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
