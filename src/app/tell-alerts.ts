import { toFailure } from "../lib/failure.ts";
import type { Logger } from "../lib/logger.ts";
import type { AlertStore, RunService } from "../runner/ports.ts";

/** What telling runs of their alerts needs. */
export type TellAlertsParts = {
  readonly runs: Pick<RunService, "list" | "noteAlert">;
  readonly alerts: Pick<AlertStore, "get">;
  readonly logger: Logger;
};

const MOST = 10_000;

/** Tells every open run what became of its alert: a process may have died after it stored what Alertmanager said and before it told the run. */
export async function tellAlerts({ runs, alerts, logger }: TellAlertsParts): Promise<void> {
  try {
    for (const { run } of await runs.list({ open: true, limit: MOST })) {
      const { alertGroup } = run.origin;
      const group = alertGroup === undefined ? undefined : await alerts.get(alertGroup);
      if (group !== undefined && group.status !== run.alert) await runs.noteAlert(group.key, group.status);
    }
  } catch (error) {
    logger.error("cannot tell open runs what became of their alerts", { why: toFailure(error).message });
  }
}
