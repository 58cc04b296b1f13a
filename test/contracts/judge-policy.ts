import { mergePolicy, type PolicyRule } from "../../src/lib/vault-policy.ts";

/** What is wrong with a policy for these calls: calls that it does not permit, and rules that no call needs, whole or in part. */
export type PolicyJudgement = { readonly uncovered: readonly PolicyRule[]; readonly unused: readonly PolicyRule[] };

/** Compares a declared policy with what calls need, as Vault does: of the rules that fit a path the most specific one decides alone. */
export function judgePolicy(declared: readonly PolicyRule[], needed: readonly PolicyRule[]): PolicyJudgement {
  const judged = mergePolicy(needed).map((call) => ({ call, rule: ruleFor(mergePolicy(declared), call.path) }));
  const uncovered = judged.filter(
    ({ call, rule }) => !call.capabilities.every((one) => rule?.capabilities.includes(one)),
  );
  const unused = mergePolicy(declared).flatMap((rule) => {
    const used = new Set(
      judged.filter((each) => each.rule?.path === rule.path).flatMap(({ call }) => call.capabilities),
    );
    const capabilities = rule.capabilities.filter((capability) => !used.has(capability));
    return capabilities.length === 0 ? [] : [{ path: rule.path, capabilities }];
  });
  return { uncovered: uncovered.map(({ call }) => call), unused };
}

function ruleFor(declared: readonly PolicyRule[], path: string): PolicyRule | undefined {
  const exact = declared.find((rule) => rule.path === path);
  const prefixes = declared.filter((rule) => rule.path.endsWith("*") && path.startsWith(rule.path.slice(0, -1)));
  return exact ?? prefixes.toSorted((left, right) => right.path.length - left.path.length)[0];
}
