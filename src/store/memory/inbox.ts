import type { Inbox } from "../../runner/ports.ts";
import type { Timestamp } from "../../lib/clock.ts";
import { FORGET_AT_ONCE, REMEMBER_MS } from "../inbox-rows.ts";

/** Remembers in memory what was taken within the last hour. */
export function createMemoryInbox(): Inbox {
  /** When each was taken, in the order in which they were. */
  const taken = new Map<string, Timestamp>();
  return {
    async first(id, at) {
      const takenAt = taken.get(id);
      const isFirst = takenAt === undefined || takenAt <= at - REMEMBER_MS;
      if (isFirst) {
        taken.delete(id);
        taken.set(id, at);
      }
      forget(taken, at - REMEMBER_MS);
      return isFirst;
    },
  };
}

function forget(taken: Map<string, Timestamp>, until: Timestamp): void {
  for (const [id, takenAt] of taken.entries().take(FORGET_AT_ONCE)) {
    if (takenAt > until) return;
    taken.delete(id);
  }
}
