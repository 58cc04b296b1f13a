import type { VaultCluster } from "../vault/cluster.ts";
import type { Collector } from "./collector.ts";
import type { PassthroughConfig } from "./passthrough/family-filter.ts";
import type { ScrapeTimeouts } from "./scrape-timeout.ts";

/** ScrapeModule is what one kind of scrape runs. */
export type ScrapeModule = {
  readonly collectors: readonly Collector[];
  /** Its deadline when Prometheus does not tell its own; default: the exporter's. */
  readonly timeoutMs?: number | undefined;
  /** Whose own metrics are shown; default: nobody's. */
  readonly passthrough?: PassthroughConfig | undefined;
};

/** The module that `/metrics` runs, and `/probe` when no other is named. */
export const DEFAULT_MODULE = "default";

/** ExporterSetup is what may be scraped, and how. */
export type ExporterSetup = {
  readonly clusters: readonly VaultCluster[];
  /** By name; `default` is always there. */
  readonly modules: ReadonlyMap<string, ScrapeModule>;
  readonly timeouts: ScrapeTimeouts;
};
