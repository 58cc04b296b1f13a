import { FailureError } from "../lib/failure.ts";
import { pageLines } from "./page-lines.ts";

/** Which samples of a page of metrics are wanted: a name, and labels that must have these values. */
export type MetricSelector = { readonly name: string; readonly labels: Readonly<Record<string, string>> };

const LINE = /^(?<name>[a-zA-Z_:][\w:]*)(?:\{(?<labels>.*)\})?[ \t]+(?<value>\S+)(?:[ \t]+-?\d+)?[ \t]*(?:#.*)?$/u;
const LABEL = /(?<name>[a-zA-Z_]\w*)="(?<value>(?:[^"\\]|\\.)*)"/gu;

/**
 * Reads the values of the selected samples from a page in Prometheus' text format, piece by piece and holding only the line that is being
 * read. `NaN` and infinities are given as they stand. Throws reason `invalid-answer` for what is no such page.
 */
export async function readMetricSamples(
  page: AsyncIterable<Uint8Array>,
  selector: MetricSelector,
  where: string,
): Promise<readonly number[]> {
  const values: number[] = [];
  for await (const lines of pageLines(page, () => notAPage(where)))
    for (const line of lines) values.push(...valueOf(line, selector, where));
  return values;
}

/** Reads `quantile="0.99",cluster="prod"`; undefined when it is not written like this. */
export function parseLabels(text: string): Readonly<Record<string, string>> | undefined {
  const labels = new Map<string, string>();
  const rest = text.replaceAll(LABEL, (...found) => {
    const { name = "", value = "" } = found.at(-1) as Readonly<Record<string, string>>;
    labels.set(name, unescape(value));
    return "";
  });
  return /^[\s,]*$/u.test(rest) ? Object.fromEntries(labels) : undefined;
}

function valueOf(line: string, { name, labels }: MetricSelector, where: string): number[] {
  // Most lines are another metric's: they are told apart before the costly look.
  if (!line.startsWith(name)) return [];
  const groups = LINE.exec(line.replace(/\r$/u, ""))?.groups;
  if (groups?.["name"] !== name) return [];
  const held = parseLabels(groups["labels"] ?? "");
  const value = toNumber(groups["value"] ?? "");
  if (held === undefined || value === undefined) throw notAPage(where);
  return Object.entries(labels).every(([key, wanted]) => held[key] === wanted) ? [value] : [];
}

function toNumber(text: string): number | undefined {
  const special: Readonly<Record<string, number>> = {
    NaN: Number.NaN,
    "+Inf": Infinity,
    Inf: Infinity,
    "-Inf": -Infinity,
  };
  if (Object.hasOwn(special, text)) return special[text];
  const value = Number(text);
  return Number.isNaN(value) ? undefined : value;
}

function unescape(value: string): string {
  return value.replaceAll(/\\(.)/gu, (_, escaped: string) => (escaped === "n" ? "\n" : escaped));
}

function notAPage(where: string): FailureError {
  return new FailureError({
    reason: "invalid-answer",
    retryable: false,
    message: `cannot read the metrics of ${where}: it is not Prometheus' text format; check that no proxy answers for Vault`,
  });
}
