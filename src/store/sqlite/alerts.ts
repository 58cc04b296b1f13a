import { z } from "zod";
import type { AlertGroup, AlertStore } from "../../runner/ports.ts";
import { attempt, type Database } from "./database.ts";

const Status = z.enum(["firing", "resolved"]);
const Texts = z.record(z.string(), z.string());

const Fact = z.object({
  fingerprint: z.string(),
  status: Status,
  labels: Texts,
  annotations: Texts,
  startsAt: z.number(),
  endsAt: z.number().optional(),
});

const Group = z.object({
  key: z.string(),
  status: Status,
  receivedAt: z.number(),
  startsAt: z.number(),
  alerts: z.array(Fact),
});

const Row = z.object({ body: z.string() });

/** Keeps alert groups in the table `alert_groups`, one row a group: of two states the one received later stays. */
export function createSqliteAlerts({ path, sqlite }: Database): AlertStore {
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
      attempt("store an alert group", path, () => put.run({ key, receivedAt, body: JSON.stringify(group) }));
    },
    async get(key) {
      const row = attempt("read an alert group", path, () => get.get(key));
      return row === undefined ? undefined : readGroup(row);
    },
    list: async () => attempt("list alert groups", path, () => list.all()).map(readGroup),
  };
}

/** JSON leaves a key without a value out; the type wants it there. */
function readGroup(row: unknown): AlertGroup {
  const group = Group.parse(JSON.parse(Row.parse(row).body));
  return { ...group, alerts: group.alerts.map((alert) => ({ ...alert, endsAt: alert.endsAt })) };
}
