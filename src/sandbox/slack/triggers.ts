import type { Clock } from "../../lib/clock.ts";
import { LIMITS } from "./limits.ts";

/** Triggers gives out `trigger_id`s: good for one view, for three seconds. */
export type Triggers = {
  readonly issue: (userId: string) => string;
  /** Uses a trigger up: the person it belongs to, or Slack's error. */
  readonly redeem: (id: string) => { readonly userId: string } | { readonly error: string };
};

/** Makes the triggers of a workspace. */
export function createTriggers(clock: Clock): Triggers {
  const issued = new Map<string, { readonly userId: string; readonly at: number; used: boolean }>();
  let counter = 0;
  return {
    issue: (userId) => {
      const id = `${++counter}.1.trigger`;
      issued.set(id, { userId, at: clock.now(), used: false });
      return id;
    },
    redeem: (id) => {
      const trigger = issued.get(id);
      if (trigger === undefined) return { error: "invalid_trigger_id" };
      if (trigger.used) return { error: "exchanged_trigger_id" };
      if (clock.now() - trigger.at > LIMITS.trigger.lifetimeMs) return { error: "expired_trigger_id" };
      trigger.used = true;
      return { userId: trigger.userId };
    },
  };
}
