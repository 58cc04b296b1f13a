import { z } from "zod";
import type { AlertFact, AlertGroup } from "../runner/ports.ts";
import type { Timestamp } from "../lib/clock.ts";
import { redact } from "../lib/redact.ts";

/** Alertmanager writes Go's zero time where there is none. */
const GO_ZERO_YEAR = "0001-";

/** Labels and annotations are foreign text, and they are stored: what looks like a secret does not get that far. */
const Clean = z.string().transform(redact);
const Texts = z.record(z.string(), Clean);
const Status = z.enum(["firing", "resolved"]);
const Time = z.string().refine((text) => !Number.isNaN(Date.parse(text)), "is not a time");

const Alert = z.object({
  status: Status,
  labels: Texts,
  annotations: Texts.default({}),
  startsAt: Time,
  endsAt: Time.optional(),
  fingerprint: z.string().min(1),
});

/** Payload is what Alertmanager posts (https://prometheus.io/docs/alerting/latest/configuration/#webhook_config), version 4. */
export const Payload = z.object({
  version: z.literal("4"),
  groupKey: z.string().min(1).transform(redact),
  status: Status,
  /** How many alerts of the group are not in this payload (`max_alerts` of the receiver). */
  truncatedAlerts: z.int().min(0).default(0),
  alerts: z.array(Alert).min(1),
});

export type Payload = z.infer<typeof Payload>;

/** Reads a payload as an alert group that was received at a time. */
export function toAlertGroup(payload: Payload, receivedAt: Timestamp): AlertGroup {
  const alerts = payload.alerts.map(toAlertFact);
  return {
    key: payload.groupKey,
    status: payload.status,
    receivedAt,
    startsAt: Math.min(...alerts.map(({ startsAt }) => startsAt)),
    alerts,
  };
}

function toAlertFact({ startsAt, endsAt, ...alert }: z.infer<typeof Alert>): AlertFact {
  const ended = alert.status === "resolved" && endsAt !== undefined && !endsAt.startsWith(GO_ZERO_YEAR);
  return { ...alert, startsAt: Date.parse(startsAt), endsAt: ended ? Date.parse(endsAt) : undefined };
}
