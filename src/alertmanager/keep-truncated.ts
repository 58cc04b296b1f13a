import type { AlertGroup } from "../runner/ports.ts";

/**
 * Adds to a group what a cut-off payload could not hold: of the alerts known before and not in it, as many as it says were cut off, the youngest first.
 * Without this, an alert that still fires would vanish from the card because others came. A group that resolved keeps nothing.
 */
export function keepTruncated(known: AlertGroup | undefined, group: AlertGroup, truncated: number): AlertGroup {
  if (known === undefined || truncated === 0 || group.status === "resolved") return group;
  const told = new Set(group.alerts.map(({ fingerprint }) => fingerprint));
  const kept = known.alerts
    .filter(({ fingerprint, status }) => status === "firing" && !told.has(fingerprint))
    .toSorted((left, right) => right.startsAt - left.startsAt)
    .slice(0, truncated);
  const alerts = [...group.alerts, ...kept];
  return { ...group, alerts, startsAt: Math.min(...alerts.map(({ startsAt }) => startsAt)) };
}
