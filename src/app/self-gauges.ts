import type { LastGood } from "../document/last-good.ts";
import type { SelfGauge } from "../exporter/self.ts";

/** A part that can be loaded anew, and how that went. */
type Reloaded = Pick<LastGood<unknown>, "status">;

/** Gives what the program knows of itself: how the last reloads went. */
export function selfGauges(reloadable: {
  readonly config: Reloaded;
  readonly runbooks: Reloaded;
  readonly web: Reloaded | undefined;
}): readonly SelfGauge[] {
  return [
    ...reloadGauges("config", reloadable.config),
    ...reloadGauges("runbooks", reloadable.runbooks),
    ...(reloadable.web === undefined ? [] : reloadGauges("web_config", reloadable.web)),
  ];
}

function reloadGauges(what: "config" | "runbooks" | "web_config", part: Reloaded): readonly SelfGauge[] {
  const words = what.replace("_", " ");
  return [
    {
      name: `sealwatch_${what}_last_reload_successful`,
      help: `1 when the last reload of the ${words} was good; 0: the last good set is still in use.`,
      read: () => Number(part.status().successful),
    },
    {
      name: `sealwatch_${what}_last_reload_success_timestamp_seconds`,
      help: `When the ${words} in use were loaded, Unix time.`,
      read: () => part.status().succeededAt / 1000,
    },
  ];
}
