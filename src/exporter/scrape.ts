import type { Clock } from "../lib/clock.ts";
import type { Deadline } from "./call-budget.ts";
import type { CallRecorder } from "./call-recorder.ts";
import type { Outcome } from "./collect.ts";
import type { Collector, Family } from "./collector.ts";
import type { LastSuccess } from "./last-success.ts";
import type { ProbeHistory, ProbeRecord } from "./probe-history.ts";
import type { ProbeRequest } from "./probe-request.ts";
import { nodeFamilies, scrapeFamilies } from "./scrape-families.ts";
import { createScrapePage, type ScrapePage } from "./scrape-page.ts";

/** What scrapes share. */
export type ScrapeDependencies = {
  readonly clock: Clock;
  readonly recorder: CallRecorder;
  readonly history: ProbeHistory;
  readonly lastSuccess: LastSuccess;
  readonly logFailures: (outcomes: readonly Outcome[]) => void;
};

/** How long a scrape may take, and when whoever wanted it left. */
export type ScrapeDeadline = Deadline & { readonly left: AbortSignal };

/** What a scrape found, and how. */
export type Scraped = { readonly families: readonly Family[]; readonly record: ProbeRecord };

/** A scrape that began. Where the nodes' own metrics are shown, it ends only after somebody read their page. */
export type Scrape = Pick<ScrapePage, "native" | "nativeFamilies"> & {
  /** Undefined when whoever wanted it left: what was cut off with the connection is no failure, and neither remembered nor logged. */
  readonly scraped: Promise<Scraped | undefined>;
};

/** Begins to run a module on a target, once; the nodes' own metrics are read when they are wanted and the module shows them. */
export function beginScrape(
  asked: ProbeRequest,
  deadline: ScrapeDeadline & { readonly withNative: boolean },
  dependencies: ScrapeDependencies,
): Scrape {
  const { target, module } = asked;
  const { signal, timeoutMs, withNative } = deadline;
  const { native, nativeFamilies, collect } = createScrapePage({
    clusters: target.clusters,
    collectors: module.collectors,
    clock: dependencies.clock,
    signal,
    timeoutMs,
    passthrough: withNative ? module.passthrough : undefined,
    reserved: namesOf(module.collectors),
  });
  return { native, nativeFamilies, scraped: run(asked, deadline, dependencies, collect) };
}

async function run(
  { target, module, moduleName }: ProbeRequest,
  { timeoutMs, left }: ScrapeDeadline,
  { clock, recorder, history, lastSuccess, logFailures }: ScrapeDependencies,
  work: () => Promise<readonly Outcome[]>,
): Promise<Scraped | undefined> {
  const startedAt = clock.now();
  const { result: outcomes, calls } = await recorder.record(work);
  if (left.aborted) return undefined;
  const record = history.add({
    target: target.name,
    module: moduleName,
    startedAt,
    durationMs: clock.now() - startedAt,
    timeoutMs,
    results: outcomes.map(({ families: _families, ...result }) => result),
    calls,
  });
  if (target.node !== undefined) return { families: nodeFamilies(outcomes, module.collectors), record };
  lastSuccess.note(outcomes);
  logFailures(outcomes);
  return { families: scrapeFamilies(target.clusters, outcomes, lastSuccess), record };
}

/** Those that Vault's own metrics could have too. */
function namesOf(collectors: readonly Collector[]): readonly string[] {
  return collectors
    .flatMap(({ families }) => families.map(({ name }) => name))
    .filter((name) => !name.startsWith("sealwatch_"));
}
