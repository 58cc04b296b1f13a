import type { AlertStore } from "../../runner/ports.ts";
import { readAlertGroup } from "../alert-group.ts";
import type { Database } from "./database.ts";

const PUT = `
  INSERT INTO sealwatch.alert_groups AS held (key, received_at, body) VALUES ($1, $2, $3)
  ON CONFLICT (key) DO UPDATE SET received_at = excluded.received_at, body = excluded.body
  WHERE excluded.received_at >= held.received_at`;

/** Keeps alert groups in the table `alert_groups`, one row a group: of two states the one received later stays. */
export function createPostgresAlerts(database: Database): AlertStore {
  return {
    async put(group) {
      const values = [group.key, group.receivedAt, JSON.stringify(group)];
      await database.ask({ what: "store an alert group", again: "once" }, { text: PUT, values });
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
