import { FailureError } from "../lib/failure.ts";
import { suggestion } from "../lib/nearest.ts";
import type { PolicyRule } from "../lib/vault-policy.ts";
import { mergePolicy } from "../lib/vault-policy.ts";
import type { Runbook, Step } from "../runbook/schema.ts";
import { allSteps } from "../runbook/step-path.ts";
import type { Action, Check } from "./action.ts";
import { PERMITTED_POLICY } from "./permitted-precondition.ts";

/** What a policy is made from: the runbooks in use, and what their steps may name. */
export type PolicySources = {
  readonly runbooks: Iterable<Runbook>;
  readonly checks: ReadonlyMap<string, Check>;
  readonly actions: ReadonlyMap<string, Action>;
};

/** An action with what its call needs and nothing more. */
export type ActionPolicy = { readonly action: string; readonly rules: readonly PolicyRule[] };

/** Gives what the steps of these runbooks need: reading and calling. Throws reason `not-found` for a name that nobody has. */
export function policyFor(sources: PolicySources): PolicyRule[] {
  const calls = actionPolicies(sources).flatMap(({ rules }) => rules);
  // One token for all calls is asked beforehand what it may do; a minted one is made for its call.
  return mergePolicy([...readingPolicyFor(sources), ...calls, ...(calls.length === 0 ? [] : [PERMITTED_POLICY])]);
}

/** Gives what the steps of these runbooks read: checks, preconditions and probes; nothing that changes anything. */
export function readingPolicyFor(sources: PolicySources): PolicyRule[] {
  return mergePolicy(usedBy(sources).flatMap(({ policy }) => policy));
}

/** Gives the calls of each action that these runbooks use, by its name; without those that call no Vault. */
export function actionPolicies(sources: PolicySources): readonly ActionPolicy[] {
  return usedBy(sources)
    .flatMap((used) => (used.kind === "action" ? [{ action: used.name, rules: mergePolicy(used.grants) }] : []))
    .filter(({ rules }) => rules.length > 0)
    .sort((left, right) => (left.action < right.action ? -1 : 1));
}

function usedBy({ runbooks, checks, actions }: PolicySources): readonly (Check | Action)[] {
  const known = new Map<string, Check | Action>([...checks, ...actions]);
  const used = [...runbooks].flatMap((runbook) =>
    namesIn(runbook).map((name) => known.get(name) ?? unknownName(runbook, name, known)),
  );
  return [...new Set(used)];
}

/** What it includes is a runbook of its own, and in use too. */
function namesIn(runbook: Runbook): readonly string[] {
  return allSteps({ runbook, included: {} }).flatMap(({ step }) => namesOf(step));
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
