import { keepLastGood, type LastGood } from "../document/last-good.ts";
import type { Clock } from "../lib/clock.ts";
import { loadConfig, type ConfigSource } from "./load.ts";
import type { Config } from "./schema.ts";

/** Keeps the current configuration: a reload with findings leaves the last good one in place and says so in the status. */
export function createReloadableConfig(options: {
  readonly first: Config;
  readonly source: ConfigSource;
  readonly clock: Clock;
}): LastGood<Config> {
  const { first, source, clock } = options;
  const load = async () => {
    const loading = await loadConfig(source);
    return loading.ok ? { ok: true as const, value: loading.config } : loading;
  };
  return keepLastGood({ first, load, clock });
}
