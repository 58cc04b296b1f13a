import type { Action, Check } from "../actions/action.ts";
import { gateDemand } from "../lib/danger.ts";
import { formatDuration } from "../lib/duration.ts";
import { renderPolicyRule, type PolicyRule } from "../lib/vault-policy.ts";
import { generatedNote } from "./markdown.ts";

/** Writes `docs/actions.md`: what runbooks may read and change. */
export function actionsPage(checks: Iterable<Check>, actions: Iterable<Action>): string {
  return `${generatedNote("src/actions")}

# Checks and actions

A check reads: it runs by itself, again at approval, and after a crash. An action changes something: it stands behind a gate, is recorded before
it is called, and is believed only when its effect was seen.

## Checks

${[...checks].map(checkSection).join("\n\n")}

## Actions

${[...actions].map(actionSection).join("\n\n")}
`;
}

function checkSection(check: Check): string {
  return `### \`${check.name}\`

${check.summary}.

- input: ${fields(check.input.shape)}
- output: ${fields(check.output.shape)}
- ${policyText(check.policy)}`;
}

function actionSection(action: Action): string {
  const demand = gateDemand(action.danger);
  const people = `${demand.approvals} approval(s)${demand.notTheStarter ? ", never the starter's" : ""}`;
  const phrase = demand.typedPhrase ? ", each types the cluster's name" : "";
  return `### \`${action.name}\`

${action.summary}.

- danger: **${action.danger}**: ${people}${phrase}; the gate expires after ${formatDuration(demand.expiresMs)}
- effect: ${action.effect === "once" ? "never repeated by the program; after a crash it is probed" : "may be repeated while its approval stands"}
- call: at most ${formatDuration(action.performWithinMs)}, and its effect is looked for during ${formatDuration(action.verifyWithinMs)}
- input: ${fields(action.input.shape)}
- output: ${fields(action.output.shape)}
- reading, before and after: ${policyText(action.policy)}
- the call itself, which is all that a minted token may do: ${policyText(action.grants)}`;
}

function fields(shape: object): string {
  const names = Object.keys(shape);
  return names.length === 0 ? "nothing" : names.map((name) => `\`${name}\``).join(", ");
}

function policyText(policy: readonly PolicyRule[]): string {
  if (policy.length === 0) return "needs no token: works while everything is sealed";
  return `policy\n\n  \`\`\`hcl\n${policy.map((rule) => `  ${renderPolicyRule(rule)}`).join("\n")}\n  \`\`\``;
}
