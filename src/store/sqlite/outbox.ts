import type { Outbox } from "../../runner/ports.ts";
import type { Timestamp } from "../../lib/clock.ts";
import type { Bell } from "../bell.ts";
import { readBacklog, readNextDueAt, readOutboxItem } from "../outbox-row.ts";
import { attempt, type Database } from "./database.ts";

/** Notes a subject, as a part of whatever transaction there is. */
export type NoteSubject = (subject: string, at: Timestamp) => void;

/** Prepares noting subjects in the table `outbox`. The row is replaced by another, which has the next number for its revision. */
export function prepareNote({ sqlite }: Database): NoteSubject {
  const note = sqlite.prepare("REPLACE INTO outbox (subject, changed_at, due_at) VALUES (?, ?, 0)");
  return (subject, at) => void note.run(subject, at);
}

/** Keeps in the table `outbox` which subjects must still be shown; `bell` rings for the notes of this process only. */
export function createSqliteOutbox(database: Database, bell: Bell): Outbox {
  const { path } = database;
  const note = prepareNote(database);
  const sql = prepareStatements(database);
  return {
    async note(subject, at) {
      attempt("note a change for Slack", path, () => note(subject, at));
      bell.ring();
    },
    due: async (at, limit) =>
      attempt("read what is due in Slack", path, () => sql.due.all({ at, limit })).map(readOutboxItem),
    nextDueAt: async (after) =>
      readNextDueAt(attempt("read when something is due in Slack", path, () => sql.next.get({ after }))),
    async settle({ subject, revision }, againAt) {
      const settled = attempt("record what Slack shows", path, () =>
        againAt === undefined
          ? sql.remove.run({ subject, revision })
          : sql.putAside.run({ subject, revision, againAt }),
      );
      return settled.changes === 1;
    },
    backlog: async (at) => readBacklog(attempt("read how much is due in Slack", path, () => sql.backlog.get({ at }))),
    watch: bell.watch,
  };
}

function prepareStatements({ sqlite }: Database) {
  return {
    due: sqlite.prepare(
      `SELECT subject, revision, changed_at FROM outbox WHERE due_at <= :at
       ORDER BY changed_at, revision LIMIT :limit`,
    ),
    next: sqlite.prepare("SELECT min(due_at) AS next FROM outbox WHERE due_at > :after"),
    remove: sqlite.prepare("DELETE FROM outbox WHERE subject = :subject AND revision = :revision"),
    putAside: sqlite.prepare("UPDATE outbox SET due_at = :againAt WHERE subject = :subject AND revision = :revision"),
    backlog: sqlite.prepare("SELECT count(*) AS count, min(changed_at) AS oldest FROM outbox WHERE due_at <= :at"),
  };
}
