/** The exporter's times, from the configuration, in milliseconds. */
export type ScrapeTimeouts = {
  /** Deadline of a scrape when Prometheus does not tell its own. */
  readonly defaultMs: number;
  /** How much earlier than Prometheus' time-out an answer is given. */
  readonly offsetMs: number;
};

/** Longer than any sensible scrape: what a stranger's header can hold a scrape open. */
const MAX_MS = 120_000;

/** Reads `X-Prometheus-Scrape-Timeout-Seconds` as how long a scrape may take; an offset that would eat it leaves half of it. */
export function scrapeTimeoutMs(header: string | undefined, { defaultMs, offsetMs }: ScrapeTimeouts): number {
  const told = Number(header) * 1000;
  if (!Number.isFinite(told) || told <= 0) return defaultMs;
  return Math.min(MAX_MS, Math.max(told / 2, told - offsetMs));
}
