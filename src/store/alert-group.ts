import { z } from "zod";
import type { AlertGroup } from "../runner/ports.ts";

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

/** Reads an alert group from the row whose `body` is its JSON, which leaves a key without a value out; the type wants it there. */
export function readAlertGroup(row: unknown): AlertGroup {
  const group = Group.parse(JSON.parse(Row.parse(row).body));
  return { ...group, alerts: group.alerts.map((alert) => ({ ...alert, endsAt: alert.endsAt })) };
}
