import type { AlertStore } from "../../runner/ports.ts";
import { readAlertGroup } from "../alert-group.ts";
import type { Bell } from "../bell.ts";
import { alertSubject } from "../subject.ts";
import { attempt, transact, type Database } from "./database.ts";
import { prepareNote } from "./outbox.ts";

/**
 * Keeps alert groups in the table `alert_groups`, one row a group: of two states the one received later stays, and is noted in the outbox in
 * the same transaction.
 */
export function createSqliteAlerts(database: Database, bell: Bell): AlertStore {
  const { path, sqlite } = database;
  const note = prepareNote(database);
  const put = sqlite.prepare(
    `INSERT INTO alert_groups (key, received_at, body) VALUES (:key, :receivedAt, :body)
     ON CONFLICT (key) DO UPDATE SET received_at = excluded.received_at, body = excluded.body
     WHERE excluded.received_at >= received_at`,
  );
  const get = sqlite.prepare("SELECT body FROM alert_groups WHERE key = ?");
  const list = sqlite.prepare("SELECT body FROM alert_groups ORDER BY received_at DESC, key");
  return {
    async put(group) {
      const { key, receivedAt } = group;
      const isNews = transact(database, "store an alert group", () => {
        const { changes } = put.run({ key, receivedAt, body: JSON.stringify(group) });
        if (changes === 1) note(alertSubject(key), receivedAt);
        return changes === 1;
      });
      if (isNews) bell.ring();
    },
    async get(key) {
      const row = attempt("read an alert group", path, () => get.get(key));
      return row === undefined ? undefined : readAlertGroup(row);
    },
    list: async () => attempt("list alert groups", path, () => list.all()).map(readAlertGroup),
  };
}
