import { actionPolicies, type PolicySources } from "../../actions/policy.ts";
import { actions, checks } from "../../actions/registry.ts";
import type { Settings } from "../../app/load-settings.ts";

/** Gives what policies are made from: the runbooks in use, and everything that their steps may name. */
export function policySources({ runbooks }: Pick<Settings, "runbooks">): PolicySources {
  return { runbooks: [...runbooks.values()].map(({ runbook }) => runbook), checks, actions };
}

/** Names the actions that the runbooks in use have and that call Vault. */
export function usedActions(settings: Pick<Settings, "runbooks">): readonly string[] {
  return actionPolicies(policySources(settings)).map(({ action }) => action);
}
