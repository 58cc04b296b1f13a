import { matchRunbook } from "../alertmanager/match.ts";
import type { Runbooks } from "../catalog/current.ts";
import type { AlertGroup } from "../runner/ports.ts";

/** Finds the runbook that answers an alert group, with inputs from the labels of its first alert that one answers; those that fire come first. */
export function matchGroup(group: Pick<AlertGroup, "alerts">, catalog: Runbooks): ReturnType<typeof matchRunbook> {
  const runbooks = [...catalog.values()].map(({ runbook }) => runbook);
  const alerts = [...group.alerts].sort(
    (left, right) => Number(right.status === "firing") - Number(left.status === "firing"),
  );
  for (const { labels } of alerts) {
    const match = matchRunbook(labels, runbooks);
    if (match !== undefined) return match;
  }
  return undefined;
}
