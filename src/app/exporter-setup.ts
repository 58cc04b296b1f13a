import type { Config } from "../config/schema.ts";
import type { Collector } from "../exporter/collector.ts";
import { compat } from "../exporter/compat.ts";
import { DEFAULT_MODULE, type ExporterSetup, type ScrapeModule } from "../exporter/exporter-setup.ts";
import type { VaultCluster } from "../vault/cluster.ts";

/** What there is to choose from. */
export type SetupParts = {
  readonly clusters: readonly VaultCluster[];
  /** Every collector; those that remember something are the same from one configuration to the next. */
  readonly collectors: readonly Collector[];
};

/** Gives what may be scraped by a configuration. */
export function exporterSetup({ exporter }: Pick<Config, "exporter">, parts: SetupParts): ExporterSetup {
  const module = (settings: Omit<ModuleSettings, "compatMetrics">): ScrapeModule =>
    scrapeModule({ ...settings, compatMetrics: exporter.compatMetrics }, parts);
  const modules: [string, ScrapeModule][] = Object.entries(exporter.modules).map(([name, settings]) => [
    name,
    module(settings),
  ]);
  const { timeout: defaultMs, timeoutOffset: offsetMs } = exporter;
  const fallback = module({ collectors: exporter.collectors, passthrough: exporter.passthrough });
  return {
    clusters: parts.clusters,
    // A module of the configuration that is called `default` is what somebody wants there.
    modules: new Map([[DEFAULT_MODULE, fallback], ...modules]),
    timeouts: { defaultMs, offsetMs },
  };
}

/** Names the collectors that a configuration uses, in `/metrics` or in a module. */
export function usedCollectors({ exporter }: Pick<Config, "exporter">): ReadonlySet<string> {
  return new Set([exporter.collectors, ...Object.values(exporter.modules).map(({ collectors }) => collectors)].flat());
}

type ModuleSettings = Config["exporter"]["modules"][string] & { readonly compatMetrics: boolean };

function scrapeModule(
  { collectors, timeout, passthrough, compatMetrics }: ModuleSettings,
  parts: SetupParts,
): ScrapeModule {
  const wanted: readonly string[] = collectors;
  const chosen = parts.collectors.filter(({ name }) => wanted.includes(name));
  return {
    collectors: compatMetrics ? [...chosen, compat] : chosen,
    timeoutMs: timeout,
    passthrough,
  };
}
