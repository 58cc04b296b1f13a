import type { Outbox } from "../../runner/ports.ts";
import type { Bell } from "../bell.ts";
import { readBacklog, readNextDueAt, readOutboxItem } from "../outbox-row.ts";
import type { Database } from "./database.ts";

const NOTE = "SELECT sealwatch.note($1, $2), pg_notify('sealwatch_outbox', $3)";
const DUE = `
  SELECT subject, revision, changed_at FROM sealwatch.outbox WHERE due_at <= $1 ORDER BY changed_at, revision LIMIT $2`;
const NEXT = "SELECT min(due_at) AS next FROM sealwatch.outbox WHERE due_at > $1";
const REMOVE = "DELETE FROM sealwatch.outbox WHERE subject = $1 AND revision = $2 RETURNING subject";
const PUT_ASIDE = "UPDATE sealwatch.outbox SET due_at = $3 WHERE subject = $1 AND revision = $2 RETURNING subject";
const BACKLOG = "SELECT count(*) AS count, min(changed_at) AS oldest FROM sealwatch.outbox WHERE due_at <= $1";

/** What an outbox works with. `instance` is what we call ourselves in our own notifications; `bell` rings for what we note. */
export type PostgresOutboxDeps = { readonly database: Database; readonly instance: string; readonly bell: Bell };

/** Keeps in the table `outbox` which subjects must still be shown; the function `append` and `AlertStore.put` note there too. */
export function createPostgresOutbox({ database, instance, bell }: PostgresOutboxDeps): Omit<Outbox, "watch"> {
  return {
    async note(subject, at) {
      const statement = { text: NOTE, values: [subject, at, instance] };
      await database.ask({ what: "note a change for Slack", again: "once" }, statement);
      bell.ring();
    },
    async due(at, limit) {
      const asking = { what: "read what is due in Slack", again: "once" } as const;
      return (await database.ask(asking, { text: DUE, values: [at, limit] })).map(readOutboxItem);
    },
    async nextDueAt(after) {
      const asking = { what: "read when something is due in Slack", again: "once" } as const;
      const [row] = await database.ask(asking, { text: NEXT, values: [after] });
      return readNextDueAt(row);
    },
    async settle({ subject, revision }, againAt) {
      const statement =
        againAt === undefined
          ? { text: REMOVE, values: [subject, revision] }
          : { text: PUT_ASIDE, values: [subject, revision, againAt] };
      // The second answer may be "it changed since" of what the first took off: whoever hears that looks again, and finds nothing.
      return (await database.ask({ what: "record what Slack shows", again: "once" }, statement)).length === 1;
    },
    async backlog(at) {
      const asking = { what: "read how much is due in Slack", again: "once" } as const;
      const [row] = await database.ask(asking, { text: BACKLOG, values: [at] });
      return readBacklog(row);
    },
  };
}
