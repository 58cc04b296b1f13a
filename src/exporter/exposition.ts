/** One line of a Prometheus text page; the labels are not read, nobody needs them. */
export type ExpositionSample = { readonly name: string; readonly value: number };

/** A name, perhaps labels in braces (quoted text may hold braces and escaped quotes), a value, perhaps a timestamp. */
const LINE =
  /^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)[ \t]*(?:\{(?:[^"}]|"(?:[^"\\]|\\.)*")*\})?[ \t]+(?<value>\S+)(?:[ \t]+-?\d+)?[ \t]*\r?$/u;

/** Finds the samples whose name ends in `suffix`, without reading the rest of a page that may be megabytes long; never throws. */
export function findSamples(page: string, suffix: string): readonly ExpositionSample[] {
  const found: ExpositionSample[] = [];
  let at = page.indexOf(suffix);
  while (at !== -1) {
    const start = page.lastIndexOf("\n", at) + 1;
    const newline = page.indexOf("\n", at);
    const end = newline === -1 ? page.length : newline;
    const sample = parseLine(page.slice(start, end));
    if (sample?.name.endsWith(suffix) === true) found.push(sample);
    at = page.indexOf(suffix, end);
  }
  return found;
}

function parseLine(line: string): ExpositionSample | undefined {
  const groups = LINE.exec(line)?.groups;
  const value = Number(groups?.["value"]);
  return groups?.["name"] === undefined || Number.isNaN(value) ? undefined : { name: groups["name"], value };
}
