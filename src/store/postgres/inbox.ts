import type { Inbox } from "../../runner/ports.ts";
import { FORGET_AT_ONCE, inboxKey, REMEMBER_MS } from "../inbox-rows.ts";
import type { Database } from "./database.ts";

/** Never forgets the row that it takes; what another forgets at this moment is left to that one. */
const FIRST = `
  WITH forgotten AS (
    DELETE FROM sealwatch.inbox WHERE id IN (
      SELECT id FROM sealwatch.inbox WHERE taken_at <= $3 AND id <> $1
      ORDER BY taken_at LIMIT ${FORGET_AT_ONCE} FOR UPDATE SKIP LOCKED
    )
  )
  INSERT INTO sealwatch.inbox AS held (id, taken_at) VALUES ($1, $2)
  ON CONFLICT (id) DO UPDATE SET taken_at = excluded.taken_at WHERE held.taken_at <= $3
  RETURNING id`;

/** Keeps in the table `inbox` what was taken within the last hour; the table's key lets one of several replicas be the first. */
export function createPostgresInbox(database: Database): Inbox {
  return {
    async first(id, at) {
      // Not again once it was sent: we might tell ourselves that it was taken before.
      const asking = { what: "record what Slack delivered", again: "unsent" } as const;
      const values = [inboxKey(id), at, at - REMEMBER_MS];
      return (await database.ask(asking, { text: FIRST, values })).length === 1;
    },
  };
}
