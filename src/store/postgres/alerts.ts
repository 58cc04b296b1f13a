import type { AlertStore } from "../../runner/ports.ts";
import { readAlertGroup } from "../alert-group.ts";
import { alertSubject } from "../subject.ts";
import type { PostgresOutboxDeps } from "./outbox.ts";

/** Notes the group only when it was stored: one that lost against a later one is no news. */
const PUT = `
  WITH stored AS (
    INSERT INTO sealwatch.alert_groups AS held (key, received_at, body) VALUES ($1, $2, $3)
    ON CONFLICT (key) DO UPDATE SET received_at = excluded.received_at, body = excluded.body
    WHERE excluded.received_at >= held.received_at
    RETURNING key
  )
  SELECT sealwatch.note($4, $2), pg_notify('sealwatch_outbox', $5) FROM stored`;

/**
 * Keeps alert groups in the table `alert_groups`, one row a group: of two states the one received later stays, and is noted in the outbox in
 * the same transaction.
 */
export function createPostgresAlerts({ database, instance, bell }: PostgresOutboxDeps): AlertStore {
  return {
    async put(group) {
      const { key, receivedAt } = group;
      const values = [key, receivedAt, JSON.stringify(group), alertSubject(key), instance];
      const news = await database.ask({ what: "store an alert group", again: "once" }, { text: PUT, values });
      if (news.length > 0) bell.ring();
    },
    async get(key) {
      const text = "SELECT body FROM sealwatch.alert_groups WHERE key = $1";
      const [row] = await database.ask({ what: "read an alert group", again: "once" }, { text, values: [key] });
      return row === undefined ? undefined : readAlertGroup(row);
    },
    async list() {
      const text = "SELECT body FROM sealwatch.alert_groups ORDER BY received_at DESC, key";
      return (await database.ask({ what: "list alert groups", again: "once" }, { text })).map(readAlertGroup);
    },
  };
}
