import { FailureError, type Failure } from "../../lib/failure.ts";
import type { ClusterReads } from "../collect.ts";
import type { NativeSample } from "../collector.ts";
import { createNativeCapture, type NativeCapture } from "../native-capture.ts";
import { createFamilyFilter } from "./family-filter.ts";
import { mergePages } from "./merge-pages.ts";
import { openPages, outcomeOf, type NodeOutcome, type OpenPage, type OpenPagesOptions } from "./open-pages.ts";

/** What putting Vault's own metrics on our page takes. */
export type PassthroughOptions = OpenPagesOptions & {
  readonly clusters: readonly ClusterReads[];
  /** Names, without the prefix, that collectors want of the active nodes' pages. */
  readonly wanted: readonly string[];
  /** Names of our own families that Vault could use too; those that begin with `sealwatch_`, `process_` or `nodejs_` are known. */
  readonly reserved?: readonly string[];
};

/** Passthrough is Vault's own metrics in one scrape: each node's page is read once, for our page and for the collectors. */
export type Passthrough = {
  /** The merged page in Prometheus' text format 0.0.4 as it comes, in pieces of whole lines; to be read once. Leaving it ends every call. */
  readonly page: AsyncIterable<Uint8Array>;
  /** What came of each node that was asked; complete when the page has ended. */
  readonly outcomes: () => readonly NodeOutcome[];
  /** What the active node of a cluster says for the wanted names; settles when the page has ended. Throws like any call. */
  readonly native: (cluster: string) => Promise<readonly NativeSample[]>;
};

/** Creates the passthrough of one scrape; nobody is asked before its page is read. */
export function createPassthrough(options: PassthroughOptions): Passthrough {
  const pages: OpenPage[] = [];
  const natives = new Map(options.clusters.map(({ cluster }) => [cluster.name, createNative(options.wanted)]));
  return {
    page: readPages(options, pages, natives),
    outcomes: () => pages.map(outcomeOf),
    native: async (cluster) => (await natives.get(cluster)?.done.promise) ?? [],
  };
}

/** What collectors want of a cluster, and when it is known. */
type Native = { readonly capture: NativeCapture; readonly done: PromiseWithResolvers<readonly NativeSample[]> };

function createNative(wanted: readonly string[]): Native {
  const done = Promise.withResolvers<readonly NativeSample[]>();
  // Perhaps no collector asks.
  done.promise.catch(() => undefined);
  return { capture: createNativeCapture(wanted), done };
}

async function* readPages(
  options: PassthroughOptions,
  pages: OpenPage[],
  natives: ReadonlyMap<string, Native>,
): AsyncGenerator<Uint8Array> {
  const left = new AbortController();
  const signal = AbortSignal.any([options.signal, left.signal]);
  const { config, reserved = [] } = options;
  try {
    const opening = options.clusters.map(async (reads) => {
      const capture = natives.get(reads.cluster.name)?.capture ?? createNativeCapture([]);
      return await openPages(reads, { ...options, signal }, capture);
    });
    pages.push(...(await Promise.all(opening)).flat());
    const readable = pages.flatMap(({ page }) => page ?? []);
    yield* mergePages(readable, { isShown: createFamilyFilter(config), reserved: new Set(reserved) });
  } finally {
    left.abort();
    for (const { page } of pages) void page?.reader.close();
    for (const [cluster, native] of natives) settle(native, cluster, pages);
  }
}

/** Gives the collectors what they wanted, unless the active node's page could not be read to its end. */
function settle({ capture, done }: Native, cluster: string, pages: readonly OpenPage[]): void {
  const active = pages.find((page) => page.cluster === cluster && page.isActive);
  const failure = active === undefined ? noActiveNode(cluster) : outcomeOf(active).failure;
  if (failure === undefined) done.resolve(capture.samples);
  else done.reject(new FailureError(failure));
}

function noActiveNode(cluster: string): Failure {
  const message = `cannot read the metrics of the active node of ${cluster}: none says it is active; unseal or start nodes until a majority of the voters serves`;
  return { reason: "no-leader", retryable: true, message };
}
