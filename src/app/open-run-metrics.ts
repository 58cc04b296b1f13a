import type { Runbooks } from "../catalog/current.ts";
import type { Config } from "../config/schema.ts";
import { REFUSALS } from "../engine/decision.ts";
import { createRunMetrics, type RunMetrics } from "../exporter/runs/run-metrics.ts";
import type { Logger } from "../lib/logger.ts";
import { systemClock, systemTimers } from "./system.ts";

/** Makes the metrics of runs for the runbooks of each moment. */
export function openRunMetrics(
  { runbooks }: { readonly runbooks: { readonly current: () => Runbooks } },
  { clusters }: Config,
  logger: Logger,
): RunMetrics {
  return createRunMetrics({
    clusters: clusters.map(({ name }) => name),
    drills: () =>
      [...runbooks.current().values()].map(({ runbook: { id, drillEvery } }) => ({
        runbook: id,
        drillEveryMs: drillEvery,
      })),
    reasons: [...REFUSALS, "secret"],
    clock: systemClock,
    timers: systemTimers,
    logger,
  });
}
