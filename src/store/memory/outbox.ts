import type { Outbox, OutboxItem } from "../../runner/ports.ts";
import type { Timestamp } from "../../lib/clock.ts";
import { createBell } from "../bell.ts";

/** What stands in the outbox, and since when it is due. */
type Noted = OutboxItem & { readonly dueAt: Timestamp };

/** Keeps in memory which subjects must still be shown. A note is made before `note` gives its promise, so that nothing comes between. */
export function createMemoryOutbox(): Outbox {
  const noted = new Map<string, Noted>();
  const bell = createBell();
  let revision = 0;
  const dueAt = (at: Timestamp): Noted[] => [...noted.values()].filter((item) => item.dueAt <= at).sort(inOrder);
  return {
    async note(subject, at) {
      revision += 1;
      noted.set(subject, { subject, revision, changedAt: at, dueAt: Number.NEGATIVE_INFINITY });
      bell.ring();
    },
    async due(at, limit) {
      const items = dueAt(at).slice(0, limit);
      return items.map(({ subject, revision: held, changedAt }) => ({ subject, revision: held, changedAt }));
    },
    async nextDueAt(after) {
      const later = [...noted.values()].filter((item) => item.dueAt > after);
      return later.length === 0 ? undefined : Math.min(...later.map((item) => item.dueAt));
    },
    async settle(item, againAt) {
      const held = noted.get(item.subject);
      if (held?.revision !== item.revision) return false;
      if (againAt === undefined) noted.delete(item.subject);
      else noted.set(item.subject, { ...held, dueAt: againAt });
      return true;
    },
    async backlog(at) {
      const items = dueAt(at);
      return { count: items.length, oldestAt: items[0]?.changedAt };
    },
    watch: bell.watch,
  };
}

function inOrder(left: OutboxItem, right: OutboxItem): number {
  return left.changedAt - right.changedAt || left.revision - right.revision;
}
