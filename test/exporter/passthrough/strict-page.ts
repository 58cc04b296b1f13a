/** A family as the strict reader found it. */
export type StrictFamily = {
  readonly name: string;
  readonly type: string;
  readonly series: ReadonlyMap<string, string>;
};

const NAME = String.raw`[a-zA-Z_:][a-zA-Z0-9_:]*`;
const TYPE_LINE = new RegExp(`^# TYPE (${NAME}) (counter|gauge|summary|histogram|untyped)$`, "u");
const HELP_LINE = new RegExp(String.raw`^# HELP (${NAME}) ((?:[^\\]|\\[\\n])*)$`, "u");
const SAMPLE_LINE = new RegExp(
  String.raw`^(${NAME})\{((?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\]|\\["\\n])*",?)*)\} (\S+(?: -?\d+)?)$`,
  "u",
);
const LABEL = /(?<name>[a-zA-Z_]\w*)="(?<value>(?:[^"\\]|\\.)*)"/gu;

/**
 * Reads a page as strictly as can be and independently of the program's own reader: whole lines, one header a family and in front of its
 * samples, all samples of a family together, no label twice, no series twice. Throws with the line otherwise.
 */
export function readStrictly(page: string): readonly StrictFamily[] {
  if (page !== "" && !page.endsWith("\n")) throw new Error("the page ends in the middle of a line");
  const families = new Map<string, { name: string; type: string; series: Map<string, string> }>();
  const all = new Set<string>();
  let helpOf: string | undefined;
  let current: { name: string; type: string; series: Map<string, string> } | undefined;
  for (const line of page.split("\n").slice(0, -1)) {
    const help = HELP_LINE.exec(line);
    const type = TYPE_LINE.exec(line);
    const sample = SAMPLE_LINE.exec(line);
    if (help !== null) {
      helpOf = help[1];
    } else if (type !== null) {
      const [, name = "", kind = ""] = type;
      if (families.has(name)) throw new Error(`a second block of ${name}`);
      if (helpOf !== undefined && helpOf !== name) throw new Error(`a HELP of ${helpOf} in front of ${name}`);
      if (current?.series.size === 0) throw new Error(`no sample of ${current.name}`);
      helpOf = undefined;
      current = { name, type: kind, series: new Map() };
      families.set(name, current);
    } else if (sample !== null) {
      const [, name = "", labels = "", value = ""] = sample;
      if (current === undefined || !suffixes(current.type).some((suffix) => name === current?.name + suffix))
        throw new Error(`outside of its family: ${line}`);
      const series = name + canonical(labels);
      if (all.has(series)) throw new Error(`twice: ${series}`);
      all.add(series);
      current.series.set(series, value);
    } else throw new Error(`no line of a page: ${line}`);
  }
  return [...families.values()];
}

/** All series of a page with their values. */
export function seriesOf(page: string): ReadonlyMap<string, string> {
  return new Map(readStrictly(page).flatMap(({ series }) => [...series]));
}

function suffixes(type: string): readonly string[] {
  if (type === "summary") return ["", "_sum", "_count"];
  return type === "histogram" ? ["_bucket", "_sum", "_count"] : [""];
}

function canonical(labels: string): string {
  const pairs = [...labels.matchAll(LABEL)].map(({ groups }) => [groups?.["name"] ?? "", groups?.["value"]] as const);
  if (new Set(pairs.map(([name]) => name)).size !== pairs.length) throw new Error(`a label twice: ${labels}`);
  return JSON.stringify(pairs.sort(([one], [other]) => (one < other ? -1 : 1)));
}
