import { createCurrentCatalog, type Runbooks } from "../catalog/current.ts";
import { createReloadableConfig } from "../config/reload.ts";
import type { Config } from "../config/schema.ts";
import type { LastGood } from "../document/last-good.ts";
import { formatFinding } from "../lib/finding.ts";
import { canonicalJson, type Json } from "../lib/json.ts";
import type { Logger } from "../lib/logger.ts";
import { catalogSource, groupsOf, type Settings } from "./load-settings.ts";
import { systemClock } from "./system.ts";
import type { FollowedWebConfig } from "./web-access.ts";

/** Parts of the configuration that a running instance takes over; the others need a restart, which the log then says. */
const RELOADABLE: readonly string[] = [
  "access",
  "exporter.collectors",
  "exporter.compatMetrics",
  "exporter.modules",
  "exporter.passthrough",
  "exporter.timeout",
  "exporter.timeoutOffset",
];

/** Reloadable is the settings of a running instance: a bad file never replaces a good one. */
export type Reloadable = {
  readonly config: LastGood<Config>;
  readonly runbooks: LastGood<Runbooks>;
  /** Undefined when everybody reaches the server, in the clear. It also follows its files by itself. */
  readonly web: FollowedWebConfig | undefined;
  /** Loads all anew; gives whether all were good. What is wrong goes to the log. */
  readonly reload: () => Promise<boolean>;
  /** What was wrong with the last reload, a line each. */
  readonly problems: () => readonly string[];
};

/** Makes settings reloadable. */
export function createReloadable(
  settings: Settings,
  env: Readonly<Record<string, string | undefined>>,
  logger: Logger,
  web?: FollowedWebConfig,
): Reloadable {
  const config = createReloadableConfig({
    first: settings.config,
    source: { file: settings.file, env },
    clock: systemClock,
  });
  const runbooks = createCurrentCatalog({
    first: settings.runbooks,
    source: {
      ...catalogSource(settings.config),
      // The directory stays until the next start; groups may come and go.
      get groups() {
        return groupsOf(config.current());
      },
    },
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
    web,
    reload: async () => {
      const results = [await load("configuration", config), await load("runbooks", runbooks)];
      // It logs by itself, because it also reloads by itself.
      if (web !== undefined) results.push((await web.reload()).ok);
      warnOfRestart(settings.config, config.current(), logger);
      return results.every(Boolean);
    },
    problems: () =>
      [config, runbooks, ...(web === undefined ? [] : [web])].flatMap((part) =>
        part.status().findings.map(formatFinding),
      ),
  };
}

function warnOfRestart(running: Config, loaded: Config, logger: Logger): void {
  const [before, after] = [partsOf(running), partsOf(loaded)];
  // The keys of both: `slack`, for instance, is not there at all until someone adds it.
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    if (RELOADABLE.includes(key) || same(before.get(key), after.get(key))) continue;
    logger.warn("a changed part of the configuration takes effect at the next start", { key });
  }
}

/** The exporter's options one by one, everything else as a whole. */
function partsOf({ exporter, ...others }: Config): ReadonlyMap<string, unknown> {
  const own = Object.entries(exporter).map(([key, value]) => [`exporter.${key}`, value] as const);
  return new Map<string, unknown>([...Object.entries(others), ...own]);
}

function same(left: unknown, right: unknown): boolean {
  const asJson = (value: unknown): Json => JSON.parse(JSON.stringify(value ?? null)) as Json;
  return canonicalJson(asJson(left)) === canonicalJson(asJson(right));
}
