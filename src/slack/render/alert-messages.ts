import { KEYS } from "../ids.ts";
import { alertCard, type AlertCard } from "./alert-card.ts";
import { alertResolved } from "./alert-resolved.ts";
import type { Wanted } from "./content.ts";

/** Draws all that Slack shows of an alert group as it stands: its card and, once it is over, the reply in its thread that says so. */
export function alertMessages(card: AlertCard): readonly Wanted[] {
  const mode = card.group.status === "resolved" ? "resolved" : "live";
  const reply = alertResolved(card);
  const drawn: Wanted = { ...alertCard(card), key: KEYS.alertCard(card.id), mode, urgent: true };
  return reply === undefined ? [drawn] : [drawn, reply];
}
