import { z } from "zod";
import type { Outbox, OutboxItem } from "../runner/ports.ts";

/** PostgreSQL gives 64-bit integers as text. */
const Integer = z.coerce.number();

const Row = z.object({ subject: z.string(), revision: Integer, changed_at: Integer });
const Next = z.object({ next: Integer.nullable() });
const Backlog = z.object({ count: Integer, oldest: Integer.nullable() });

/** Reads a row of the table `outbox`. */
export function readOutboxItem(row: unknown): OutboxItem {
  const { subject, revision, changed_at: changedAt } = Row.parse(row);
  return { subject, revision, changedAt };
}

/** Reads the row whose `next` says when the next will be due. */
export function readNextDueAt(row: unknown): number | undefined {
  return Next.parse(row).next ?? undefined;
}

/** Reads the row whose `count` and `oldest` say how much is due. */
export function readBacklog(row: unknown): Awaited<ReturnType<Outbox["backlog"]>> {
  const { count, oldest } = Backlog.parse(row);
  return { count, oldestAt: oldest ?? undefined };
}
