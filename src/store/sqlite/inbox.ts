import type { Inbox } from "../../runner/ports.ts";
import { FORGET_AT_ONCE, inboxKey, REMEMBER_MS } from "../inbox-rows.ts";
import { transact, type Database } from "./database.ts";

/** Keeps in the table `inbox` what was taken within the last hour; the write lock lets one of two processes be the first. */
export function createSqliteInbox(database: Database): Inbox {
  const { sqlite } = database;
  const take = sqlite.prepare(
    `INSERT INTO inbox (id, taken_at) VALUES (:id, :at)
     ON CONFLICT (id) DO UPDATE SET taken_at = excluded.taken_at WHERE taken_at <= :until`,
  );
  const forget = sqlite.prepare(
    `DELETE FROM inbox WHERE id IN
     (SELECT id FROM inbox WHERE taken_at <= :until ORDER BY taken_at LIMIT ${FORGET_AT_ONCE})`,
  );
  return {
    first: async (id, at) =>
      transact(database, "record what Slack delivered", () => {
        const until = at - REMEMBER_MS;
        const { changes } = take.run({ id: inboxKey(id), at, until });
        forget.run({ until });
        return changes === 1;
      }),
  };
}
