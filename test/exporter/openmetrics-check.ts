const NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const TEXT = String.raw`"(?:[^"\\\n]|\\["\\n])*"`;
const LABELS = String.raw`\{[a-zA-Z_][a-zA-Z0-9_]*=${TEXT}(?:,[a-zA-Z_][a-zA-Z0-9_]*=${TEXT})*\}`;
const NUMBER = String.raw`(?:[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?|[+-]Inf|NaN)`;
const SAMPLE = new RegExp(`^(?<name>${NAME})(?<labels>${LABELS})? ${NUMBER}$`, "iu");
const META = new RegExp(`^# (?<kind>HELP|TYPE) (?<name>${NAME}) (?<text>.*)$`, "u");

const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  gauge: [""],
  counter: ["_total", "_created"],
  histogram: ["_bucket", "_sum", "_count", "_created"],
  summary: ["", "_sum", "_count", "_created"],
};

/** Says what is wrong with a page by OpenMetrics 1.0, line by line; nothing when it is right. Knows of the format what we write. */
export function openMetricsMistakes(page: string): readonly string[] {
  const mistakes: string[] = [];
  const types = new Map<string, string>();
  const series = new Set<string>();
  let family = "";
  if (!page.endsWith("# EOF\n")) mistakes.push("the page does not end with # EOF");
  for (const line of page.slice(0, -"# EOF\n".length).split("\n").slice(0, -1)) {
    const meta = META.exec(line)?.groups;
    if (meta !== undefined) {
      const { kind, name = "", text = "" } = meta;
      if (kind === "HELP" && /(?<!\\)(?:\\\\)*"/u.test(text)) mistakes.push(`a bare quote in help: ${line}`);
      if (kind === "TYPE" && !(text in SUFFIXES)) mistakes.push(`no such type: ${line}`);
      if (kind === "TYPE" && types.has(name)) mistakes.push(`the family is there twice: ${line}`);
      if (kind === "TYPE") types.set(name, text);
      family = name;
      continue;
    }
    const sample = SAMPLE.exec(line)?.groups;
    const key = `${sample?.["name"]}${sample?.["labels"] ?? ""}`;
    if (sample === undefined) mistakes.push(`no sample: ${JSON.stringify(line)}`);
    else if (!names(family, types.get(family)).includes(sample["name"] ?? ""))
      mistakes.push(`not of ${family}: ${line}`);
    else if (series.has(key)) mistakes.push(`the series is there twice: ${line}`);
    series.add(key);
  }
  return [...mistakes, ...clashes(types)];
}

function names(family: string, type: string | undefined): readonly string[] {
  return (SUFFIXES[type ?? ""] ?? []).map((suffix) => family + suffix);
}

/** A name that one family may use must not be another family. */
function clashes(types: ReadonlyMap<string, string>): readonly string[] {
  return [...types].flatMap(([family, type]) =>
    names(family, type)
      .filter((name) => name !== family && types.has(name))
      .map((name) => `${family} may use the name of ${name}`),
  );
}
