import type { Clock } from "../../lib/clock.ts";
import { LIMITS } from "./limits.ts";

/** Whom a trigger belongs to, and the modal in which they acted, if any. */
export type TriggerOrigin = { readonly userId: string; readonly viewId?: string };

/** Triggers gives out `trigger_id`s: good for one view, for three seconds. */
export type Triggers = {
  readonly issue: (origin: TriggerOrigin) => string;
  /** Uses a trigger up: where it comes from, or Slack's error. */
  readonly redeem: (id: string) => TriggerOrigin | { readonly error: string };
};

/** Makes the triggers of a workspace. */
export function createTriggers(clock: Clock): Triggers {
  const issued = new Map<string, { readonly origin: TriggerOrigin; readonly at: number; used: boolean }>();
  let counter = 0;
  return {
    issue: (origin) => {
      const id = `${++counter}.1.trigger`;
      issued.set(id, { origin, at: clock.now(), used: false });
      return id;
    },
    redeem: (id) => {
      const trigger = issued.get(id);
      if (trigger === undefined) return { error: "invalid_trigger_id" };
      if (trigger.used) return { error: "exchanged_trigger_id" };
      if (clock.now() - trigger.at > LIMITS.trigger.lifetimeMs) return { error: "expired_trigger_id" };
      trigger.used = true;
      return trigger.origin;
    },
  };
}
