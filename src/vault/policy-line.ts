import { renderPolicyRule } from "../lib/vault-policy.ts";
import type { Capability, PolicyRule } from "../lib/vault-policy.ts";
import type { VaultRequest } from "./transport.ts";

/** Paths that want `sudo` besides (Vault calls them root paths). */
const SUDO = [
  /^sys\/(?:seal|step-down|rotate|audit|leases|raw)$/u,
  /^sys\/(?:audit|raw)\//u,
  /^sys\/leases\/(?:lookup|revoke-prefix|revoke-force)\//u,
  /^auth\/token\/accessors\/?$/u,
];

const BY_METHOD: Readonly<Record<VaultRequest["method"], Capability>> = {
  GET: "read",
  POST: "update",
  PUT: "update",
  DELETE: "delete",
};

/** Works out the policy that a call needs: from its verb, with `list=true` as `list` of the path with a slash, and `sudo`. */
export function policyRuleOf({ method, path, query }: Pick<VaultRequest, "method" | "path" | "query">): PolicyRule {
  const lists = method === "GET" && query?.["list"] === "true";
  const capability: Capability = lists ? "list" : BY_METHOD[method];
  const rulePath = lists && !path.endsWith("/") ? `${path}/` : path;
  return {
    path: rulePath,
    capabilities: SUDO.some((pattern) => pattern.test(path)) ? [capability, "sudo"] : [capability],
  };
}

/** Writes the stanza that a denied call lacks, ready to be put into the token's policy. */
export function policyLine(request: Pick<VaultRequest, "method" | "path" | "query">): string {
  return renderPolicyRule(policyRuleOf(request));
}
