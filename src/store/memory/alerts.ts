import type { AlertGroup, AlertStore, Outbox } from "../../runner/ports.ts";
import { alertSubject } from "../subject.ts";

/** Keeps alert groups in memory, and notes each change in the outbox: of two states the one received later stays. */
export function createMemoryAlerts(outbox: Pick<Outbox, "note">): AlertStore {
  const groups = new Map<string, AlertGroup>();
  return {
    async put(group) {
      const held = groups.get(group.key);
      if (held !== undefined && group.receivedAt < held.receivedAt) return;
      groups.set(group.key, structuredClone(group));
      await outbox.note(alertSubject(group.key), group.receivedAt);
    },
    get: async (key) => structuredClone(groups.get(key)),
    list: async () => [...groups.values()].map((group) => structuredClone(group)).sort(newestFirst),
  };
}

function newestFirst(left: AlertGroup, right: AlertGroup): number {
  return right.receivedAt - left.receivedAt || (left.key < right.key ? -1 : 1);
}
