/** Capabilities of Vault's policy language (https://developer.hashicorp.com/vault/docs/concepts/policies#capabilities). */
export type Capability = "create" | "read" | "update" | "delete" | "list" | "sudo" | "patch";

/** PolicyRule is one `path` stanza that an action, a check or a collector needs. `path` has no `/v1/` in front. */
export type PolicyRule = { readonly path: string; readonly capabilities: readonly Capability[] };

const ORDER: readonly Capability[] = ["create", "read", "update", "delete", "list", "sudo", "patch"];

/** Joins rules for the same path into one; paths come out sorted, capabilities in Vault's usual order. */
export function mergePolicy(rules: Iterable<PolicyRule>): PolicyRule[] {
  const byPath = new Map<string, Set<Capability>>();
  for (const rule of rules) {
    const held = byPath.get(rule.path) ?? new Set<Capability>();
    for (const capability of rule.capabilities) held.add(capability);
    byPath.set(rule.path, held);
  }
  return [...byPath]
    .sort(([left], [right]) => (left < right ? -1 : 1)) // not localeCompare: a policy is the same text in every locale
    .map(([path, held]) => ({ path, capabilities: ORDER.filter((capability) => held.has(capability)) }));
}

/** Writes rules as HCL that both Vault and OpenBao take, one stanza a line. */
export function renderPolicy(rules: readonly PolicyRule[]): string {
  return rules.map((rule) => `${renderPolicyRule(rule)}\n`).join("");
}

/** Writes one stanza, the line that an error names when it is missing. */
export function renderPolicyRule(rule: PolicyRule): string {
  const capabilities = rule.capabilities.map((capability) => JSON.stringify(capability)).join(", ");
  return `path ${JSON.stringify(rule.path)} { capabilities = [${capabilities}] }`;
}
