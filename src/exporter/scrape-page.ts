import { collect, createClusterReads, wantedNatives, type CollectOptions, type Outcome } from "./collect.ts";
import type { Family } from "./collector.ts";
import type { PassthroughConfig } from "./passthrough/family-filter.ts";
import { createPassthrough } from "./passthrough/passthrough.ts";
import { passthroughFamilies } from "./passthrough/passthrough-families.ts";

/** What a scrape with Vault's own metrics needs. */
export type ScrapePageOptions = CollectOptions & {
  /** Default: `off`. */
  readonly passthrough?: PassthroughConfig | undefined;
  /** Names of our own families that Vault's could have too. */
  readonly reserved?: readonly string[];
};

/** ScrapePage is one scrape: first Vault's own metrics as they come, then what the collectors found. */
export type ScrapePage = {
  /**
   * Vault's own metrics in Prometheus' text format 0.0.4, in pieces of whole lines; undefined when they are off. To be read at once and to
   * the end: collectors wait for samples in it. Never throws.
   */
  readonly native: AsyncIterable<Uint8Array> | undefined;
  /** Runs the collectors, once; never rejects. */
  readonly collect: () => Promise<readonly Outcome[]>;
  /** How reading Vault's own metrics went; complete when `native` has ended. */
  readonly nativeFamilies: () => readonly Family[];
};

/** Creates a scrape in which each node's own metrics are read once, for the page and for the collectors; nobody is asked yet. */
export function createScrapePage(options: ScrapePageOptions): ScrapePage {
  const { passthrough: config, collectors } = options;
  const reads = createClusterReads(options);
  if (config === undefined || config.mode === "off")
    return { native: undefined, collect: async () => collect(options, reads), nativeFamilies: () => [] };
  const passthrough = createPassthrough({
    ...options,
    clusters: reads,
    config,
    wanted: wantedNatives(collectors),
  });
  const shared = reads.map((read) => ({ ...read, native: () => passthrough.native(read.cluster.name) }));
  return {
    native: passthrough.page,
    collect: async () => collect(options, shared),
    nativeFamilies: () => passthroughFamilies(passthrough.outcomes()),
  };
}
