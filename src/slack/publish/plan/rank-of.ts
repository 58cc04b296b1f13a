import type { AlertGroup } from "../../../runner/ports.ts";
import type { Wanted } from "../../render/content.ts";
import type { Rank } from "../pace/lane.ts";

/** Tells how much a run's message matters: what people are asked first, then its card, then what happened. */
export function rankOfRunMessage({ key, mode, urgent }: Wanted): Rank {
  if (key.endsWith("/card")) return 1;
  return urgent === true || mode === "open" ? 0 : 2;
}

/** From worst; what is not listed comes between warnings and news. */
const SEVERITIES: readonly (readonly string[])[] = [
  ["page", "critical", "emergency"],
  ["error", "high", "major"],
  ["warning", "medium", "minor", "ticket"],
  [],
  ["info", "low", "none", "debug"],
];

/** Orders alert groups by their worst alert: 1 for those that wake people, more for the others; a run's card is 0. */
export function severityOf(group: AlertGroup): number {
  const each = group.alerts.map(({ labels }) => {
    const found = SEVERITIES.findIndex((names) => names.includes((labels["severity"] ?? "").toLowerCase()));
    return found === -1 ? SEVERITIES.findIndex((names) => names.length === 0) : found;
  });
  return 1 + each.reduce((worst, severity) => Math.min(worst, severity), SEVERITIES.length);
}

/** Tells how much an alert's card matters: one that wakes people as much as a run's card, any other as much as a thread. */
export function rankOfAlert(severity: number): Rank {
  return severity === 1 ? 1 : 2;
}
