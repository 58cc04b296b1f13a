/** One line of a Prometheus text page. */
export type ExpositionSample = {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
};

/** A name, perhaps labels in braces (quoted text may hold braces and escaped quotes), a value, perhaps a timestamp. */
const LINE =
  /^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)[ \t]*(?:\{(?<labels>(?:[^"}]|"(?:[^"\\]|\\.)*")*)\})?[ \t]+(?<value>\S+)(?:[ \t]+-?\d+)?[ \t]*\r?$/u;
const LABEL = /(?<name>[a-zA-Z_][a-zA-Z0-9_]*)[ \t]*=[ \t]*"(?<value>(?:[^"\\]|\\.)*)"/gu;

/** Reads one line; undefined for a comment, for what is no sample, and for NaN, which says that nothing was measured. Never throws. */
export function parseSample(line: string): ExpositionSample | undefined {
  const groups = LINE.exec(line)?.groups;
  if (groups?.["name"] === undefined) return undefined;
  const value = toNumber(groups["value"] ?? "");
  return Number.isNaN(value) ? undefined : { name: groups["name"], labels: toLabels(groups["labels"] ?? ""), value };
}

/** Prometheus writes infinities as Go does. */
function toNumber(text: string): number {
  const infinity = /^(?<sign>[+-]?)inf(?:inity)?$/iu.exec(text)?.groups;
  return infinity === undefined ? Number(text) : infinity["sign"] === "-" ? -Infinity : Infinity;
}

function toLabels(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(LABEL)].map(({ groups }) => [groups?.["name"] ?? "", unescaped(groups?.["value"] ?? "")]),
  );
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(?<escaped>.)/gsu, (_whole, escaped: string) => (escaped === "n" ? "\n" : escaped));
}
