import { FailureError } from "../lib/failure.ts";
import { suggestion } from "../lib/nearest.ts";
import type { PolicyRule } from "../lib/vault-policy.ts";
import { mergePolicy } from "../lib/vault-policy.ts";
import type { Runbook, Step } from "../runbook/schema.ts";
import type { Action, Check } from "./action.ts";

/** What a policy is made from: the runbooks in use, and what their steps may name. */
export type PolicySources = {
  readonly runbooks: Iterable<Runbook>;
  readonly checks: ReadonlyMap<string, Check>;
  readonly actions: ReadonlyMap<string, Action>;
};

/** Gives the rules that the steps of these runbooks need and nothing more; throws reason `not-found` for a name that nobody has. */
export function policyFor({ runbooks, checks, actions }: PolicySources): PolicyRule[] {
  const known = new Map<string, Check | Action>([...checks, ...actions]);
  const rules = [...runbooks]
    .flatMap((runbook) => runbook.steps.flatMap((step) => namesOf(step).map((name) => ({ runbook, name }))))
    .flatMap(({ runbook, name }) => (known.get(name) ?? unknownName(runbook, name, known)).policy);
  return mergePolicy(rules);
}

function namesOf(step: Step): string[] {
  if ("check" in step) return [step.check];
  if ("wait" in step) return [step.wait];
  if ("do" in step) return [step.do];
  if ("manual" in step && step.watch !== undefined) return [step.watch.check];
  return [];
}

function unknownName(runbook: Runbook, name: string, known: ReadonlyMap<string, unknown>): never {
  throw new FailureError({
    reason: "not-found",
    retryable: false,
    message: `cannot tell the policy of runbook ${runbook.id}: there is no "${name}"${suggestion(name, [...known.keys()])}`,
  });
}
