import { createCurrentCatalog, type Runbooks } from "../catalog/current.ts";
import { createReloadableConfig } from "../config/reload.ts";
import type { Config } from "../config/schema.ts";
import type { LastGood } from "../document/last-good.ts";
import { formatFinding } from "../lib/finding.ts";
import { canonicalJson, type Json } from "../lib/json.ts";
import type { Logger } from "../lib/logger.ts";
import { catalogSource, type Settings } from "./load-settings.ts";
import { systemClock } from "./system.ts";

/** Parts of the configuration that a running instance takes over; the others need a restart, which the log then says. */
const RELOADABLE = ["access"] as const satisfies readonly (keyof Config)[];

/** Reloadable is the settings of a running instance: a bad file never replaces a good one. */
export type Reloadable = {
  readonly config: LastGood<Config>;
  readonly runbooks: LastGood<Runbooks>;
  /** Loads both anew; gives whether both were good. What is wrong goes to the log. */
  readonly reload: () => Promise<boolean>;
};

/** Makes settings reloadable. */
export function createReloadable(
  settings: Settings,
  env: Readonly<Record<string, string | undefined>>,
  logger: Logger,
): Reloadable {
  const config = createReloadableConfig({
    first: settings.config,
    source: { file: settings.file, env },
    clock: systemClock,
  });
  const runbooks = createCurrentCatalog({
    first: settings.runbooks,
    source: catalogSource(settings.config),
    clock: systemClock,
  });
  const load = async (what: string, part: LastGood<unknown>): Promise<boolean> => {
    const loading = await part.reload();
    if (loading.ok) logger.info("reloaded", { what });
    else
      for (const finding of loading.findings)
        logger.error("not reloaded, the last good set stays", { what, finding: formatFinding(finding) });
    return loading.ok;
  };
  return {
    config,
    runbooks,
    reload: async () => {
      const results = [await load("configuration", config), await load("runbooks", runbooks)];
      warnOfRestart(settings.config, config.current(), logger);
      return results.every(Boolean);
    },
  };
}

function warnOfRestart(running: Config, loaded: Config, logger: Logger): void {
  // The keys of both: `slack`, for instance, is not there at all until someone adds it.
  for (const key of Object.keys({ ...running, ...loaded }) as (keyof Config)[]) {
    if ((RELOADABLE as readonly string[]).includes(key) || same(running[key], loaded[key])) continue;
    logger.warn("a changed part of the configuration takes effect at the next start", { key });
  }
}

function same(left: unknown, right: unknown): boolean {
  const asJson = (value: unknown): Json => JSON.parse(JSON.stringify(value ?? null)) as Json;
  return canonicalJson(asJson(left)) === canonicalJson(asJson(right));
}
