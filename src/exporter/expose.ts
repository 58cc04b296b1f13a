import type { Sample } from "./collector.ts";

/** The two formats that Prometheus reads: its own text (0.0.4) and OpenMetrics 1.0. */
export type PageFormat = "text" | "openmetrics";

/** The content type of a page in each format. */
export const CONTENT_TYPES: Readonly<Record<PageFormat, string>> = {
  text: "text/plain; version=0.0.4; charset=utf-8",
  openmetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8",
};

/** What a page in each format ends with: without it, OpenMetrics says, the page was cut off. */
export const PAGE_END: Readonly<Record<PageFormat, string>> = { text: "", openmetrics: "# EOF\n" };

/** What can be written: a collector's family, or one of the process' own, whose histograms have samples of several names. */
export type ExposedFamily = {
  readonly name: string;
  readonly help: string;
  readonly type: "gauge" | "counter" | "histogram" | "summary";
  readonly samples: readonly (Sample & { readonly name?: string | undefined })[];
};

const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/u;
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/u;

/** Writes families one after the other, without the page's end. One without samples is left out: nobody measured a 0. Throws for a bad name. */
export function expose(families: readonly ExposedFamily[], format: PageFormat = "text"): string {
  const blocks = families.flatMap((family) => (family.samples.length === 0 ? [] : [writeFamily(family, format)]));
  // OpenMetrics has no empty lines.
  return blocks.join(format === "text" ? "\n" : "");
}

function writeFamily(family: ExposedFamily, format: PageFormat): string {
  const { type, help } = family;
  // In OpenMetrics `_total` belongs to a counter's samples and not to its name.
  const name = format === "openmetrics" && type === "counter" ? family.name.replace(/_total$/u, "") : family.name;
  // A series that a bug gives twice is written once: Prometheus would drop one of the two, nobody knows which.
  const lines = new Map<string, number>();
  for (const { name: own = family.name, labels = {}, value } of family.samples) lines.set(series(own, labels), value);
  const head = `# HELP ${name} ${escapeHelp(help, format)}\n# TYPE ${name} ${type}\n`;
  return head + [...lines].map(([left, value]) => `${left} ${numberText(value)}\n`).join("");
}

function series(name: string, labels: Readonly<Record<string, string>>): string {
  if (!METRIC_NAME.test(name)) throw new Error(`"${name}" is no name of a metric`);
  const pairs = Object.entries(labels).map(([label, value]) => {
    if (!LABEL_NAME.test(label)) throw new Error(`"${label}" is no name of a label of ${name}`);
    return `${label}="${escapeValue(value)}"`;
  });
  return pairs.length === 0 ? name : `${name}{${pairs.join(",")}}`;
}

/** Prometheus writes infinities as Go does. */
function numberText(value: number): string {
  if (value === Infinity) return "+Inf";
  return value === -Infinity ? "-Inf" : String(value);
}

function escapeValue(text: string): string {
  return /["\\\n]/u.test(text) ? escapeLine(text).replaceAll('"', '\\"') : text;
}

function escapeHelp(text: string, format: PageFormat): string {
  return format === "openmetrics" ? escapeValue(text) : escapeLine(text);
}

function escapeLine(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}
