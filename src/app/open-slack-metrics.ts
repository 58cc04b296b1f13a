import { createSlackMetrics, type SlackMetrics } from "../exporter/slack/slack-metrics.ts";
import type { Config } from "../config/schema.ts";
import type { Logger } from "../lib/logger.ts";
import { INTERACTIONS, REFUSALS } from "../slack/observer.ts";
import { systemClock, systemTimers } from "./system.ts";

/** Makes the metrics of Slack; undefined when none is configured. */
export function openSlackMetrics({ slack }: Pick<Config, "slack">, logger: Logger): SlackMetrics | undefined {
  if (slack === undefined) return undefined;
  const parts = { clock: systemClock, timers: systemTimers, logger };
  return createSlackMetrics({ ...parts, kinds: INTERACTIONS, reasons: REFUSALS });
}
