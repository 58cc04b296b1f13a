import { mergePolicy, renderPolicyRule } from "../../../lib/vault-policy.ts";
import type { PolicyRule } from "../../../lib/vault-policy.ts";
import type { Capabilities } from "../../../vault/endpoints/capabilities-self.ts";
import { ok, problem } from "../diagnosis.ts";
import { failureOf, valueOf } from "../examination.ts";
import type { Rule } from "../rule.ts";
import { samplePath } from "../sample-path.ts";

/** Whether the token may do what the collectors in use need, line by line. */
export const permissions: Rule = {
  name: "permissions",
  help: "The token's policy has every line that the collectors in use need.",
  judge: ({ token, collectors }) => {
    const failure = failureOf(token?.capabilities);
    const held = valueOf(token?.capabilities);
    // A token that is not valid is the finding of the rule `token`.
    if (failure !== undefined && failureOf(token?.token) !== undefined) return [];
    if (failure !== undefined)
      return [
        problem(
          `it may not be asked: ${failure.message}`,
          'add: path "sys/capabilities-self" { capabilities = ["update"] }',
        ),
      ];
    if (held === undefined) return [];
    const lines = mergePolicy(collectors.flatMap(({ policy }) => policy)).filter((rule) => !allows(held, rule));
    if (lines.length === 0) return [ok(`all that ${collectors.length} collectors need`)];
    return lines.map((rule) => {
      const users = collectors.filter(({ policy }) => policy.some(({ path }) => path === rule.path));
      const names = users.map(({ name }) => name).join(", ");
      return problem(
        `${names}: may not ${missing(held, rule).join(", ")} ${rule.path}`,
        `add: ${renderPolicyRule(rule)}`,
      );
    });
  },
};

function allows(held: Capabilities, rule: PolicyRule): boolean {
  return missing(held, rule).length === 0;
}

function missing(held: Capabilities, { path, capabilities }: PolicyRule): readonly string[] {
  const given = held[samplePath(path)] ?? [];
  return given.includes("root") ? [] : capabilities.filter((capability) => !given.includes(capability));
}
