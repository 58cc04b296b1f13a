import type { LastGood } from "../document/last-good.ts";
import type { SelfGauge } from "../exporter/self.ts";
import type { Reloadable } from "./reload.ts";

/** Gives what the program knows of itself: how the last reloads went, and whether Slack is connected when it is configured. */
export function selfGauges(
  reloadable: Reloadable,
  isSlackConnected: (() => boolean) | undefined,
): readonly SelfGauge[] {
  const connected: SelfGauge[] =
    isSlackConnected === undefined
      ? []
      : [
          {
            name: "sealwatch_slack_connected",
            help: "1 while a Socket Mode connection to Slack is open.",
            read: () => Number(isSlackConnected()),
          },
        ];
  return [...reloadGauges("config", reloadable.config), ...reloadGauges("runbooks", reloadable.runbooks), ...connected];
}

function reloadGauges(what: "config" | "runbooks", part: LastGood<unknown>): readonly SelfGauge[] {
  return [
    {
      name: `sealwatch_${what}_last_reload_successful`,
      help: `1 when the last reload of the ${what} was good; 0: the last good set is still in use.`,
      read: () => Number(part.status().successful),
    },
    {
      name: `sealwatch_${what}_last_reload_success_timestamp_seconds`,
      help: `When the ${what} in use were loaded, Unix time.`,
      read: () => part.status().succeededAt / 1000,
    },
  ];
}
