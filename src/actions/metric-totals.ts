import { FailureError } from "../lib/failure.ts";
import { pageLines } from "./page-lines.ts";

/** Totals are the samples of a page of metrics by their names, those of one name (other labels) added up. */
export type Totals = ReadonlyMap<string, number>;

/** Quantiles are left out: they say nothing of a window, and are no sum. */
const LINE = /^(?<name>[a-zA-Z_:][\w:]*)(?:\{(?<labels>.*)\})?[ \t]+(?<value>[-+\d.eE]+)(?:[ \t]+\d+)?[ \t]*$/u;
const WANTED = /^(?:vault_|process_resident_memory_bytes)/u;
/** Many times what a server has names for; more are not kept. */
const MAX_NAMES = 20_000;

/**
 * Reads a page in Prometheus' text format, holding one number a name. Throws reason `invalid-answer` for a page on which Vault has no
 * sample: somebody else answers, or the telemetry has another prefix.
 */
export async function readTotals(page: AsyncIterable<Uint8Array>, where: string): Promise<Totals> {
  const totals = new Map<string, number>();
  for await (const lines of pageLines(page, () => notVaults(where))) for (const line of lines) add(totals, line);
  if (totals.size === 0) throw notVaults(where);
  return totals;
}

function add(totals: Map<string, number>, line: string): void {
  if (!WANTED.test(line)) return;
  const { name, labels = "", value = "" } = LINE.exec(line.replace(/\r$/u, ""))?.groups ?? {};
  if (name === undefined || labels.includes('quantile="')) return;
  const number = Number(value);
  if (!Number.isFinite(number) || (!totals.has(name) && totals.size >= MAX_NAMES)) return;
  totals.set(name, (totals.get(name) ?? 0) + number);
}

function notVaults(where: string): FailureError {
  return new FailureError({
    reason: "invalid-answer",
    retryable: false,
    message: `cannot read the metrics of ${where}: no line of the page is Vault's; check that telemetry.metrics_prefix is "vault" and that no proxy answers`,
  });
}
