import type { Action } from "../actions/action.ts";
import type { Effect } from "../engine/effects.ts";

/** How long one read may take; how long a call may, its action says. */
const READ_TIMEOUT_MS = 10_000;
const RETRY_AFTER_MS = 1000;

type Actions = ReadonlyMap<string, Pick<Action, "probeTimeoutMs" | "probeEveryMs">>;

/** Says how long one effect may take, in milliseconds. */
export function timeLimit(effect: Effect, actions: Actions): number {
  if (effect.type === "perform") return effect.withinMs;
  const action = effect.type === "probe" ? actions.get(effect.plan.call.name) : undefined;
  return action?.probeTimeoutMs ?? READ_TIMEOUT_MS;
}

/** Says how long to wait before an effect that is still wanted is carried out again, in milliseconds. */
export function pauseAfter(effect: Effect, actions: Actions): number {
  if (effect.type === "probe") return actions.get(effect.plan.call.name)?.probeEveryMs ?? RETRY_AFTER_MS;
  return "everyMs" in effect ? effect.everyMs : RETRY_AFTER_MS;
}
