import type { Outcome } from "../../../src/exporter/collect.ts";
import type { Collector } from "../../../src/exporter/collector.ts";
import { expose } from "../../../src/exporter/expose.ts";
import { createScrapePage, type ScrapePageOptions } from "../../../src/exporter/scrape-page.ts";
import type { VaultCluster } from "../../../src/vault/cluster.ts";

/** A scrape, read to its end. */
export type ReadPage = { readonly native: string; readonly families: string; readonly outcomes: readonly Outcome[] };

type Options = Partial<Pick<ScrapePageOptions, "timeoutMs" | "signal">> & {
  readonly mode?: "off" | "active" | "all";
  readonly collectors?: readonly Collector[];
  readonly exclude?: readonly string[];
};

/** Scrapes once and reads the page to its end. */
export async function readPage(clusters: readonly VaultCluster[], options: Options = {}): Promise<ReadPage> {
  const {
    mode = "all",
    collectors = [],
    exclude = [],
    timeoutMs = 4000,
    signal = AbortSignal.timeout(timeoutMs),
  } = options;
  const page = createScrapePage({
    clusters,
    collectors,
    clock: { now: () => Date.now() },
    timeoutMs,
    signal,
    passthrough: { mode, include: [], exclude: [...exclude] },
  });
  const outcomes = page.collect();
  const pieces: Uint8Array[] = [];
  for await (const piece of page.native ?? []) pieces.push(piece);
  return {
    native: Buffer.concat(pieces).toString(),
    families: expose(page.nativeFamilies()),
    outcomes: await outcomes,
  };
}

/** The samples of a page, without `# HELP` and `# TYPE`. */
export function samplesIn(page: string): readonly string[] {
  return page.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}
