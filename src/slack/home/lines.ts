import { section, type Block } from "../render/content.ts";

/** A section holds 3,000 characters; what is left is room for what escaping adds. */
const LONGEST = 2700;

/** Draws a title with lines below it in as few sections as hold them; of more than `most` lines the rest is counted. Nothing when there is none. */
export function titled(title: string, lines: readonly string[], most: number): readonly Block[] {
  if (lines.length === 0) return [];
  const rest = lines.length - most;
  const shown = [`*${title}*`, ...lines.slice(0, most), ...(rest > 0 ? [`_and ${rest} more_`] : [])];
  return [{ type: "divider" }, ...paragraphs(shown).map(section)];
}

function paragraphs(lines: readonly string[]): readonly string[] {
  return lines.reduce<string[]>((held, line) => {
    const last = held.at(-1);
    const joined = last === undefined ? line : `${last}\n${line}`;
    return last === undefined || joined.length > LONGEST ? [...held, line] : [...held.slice(0, -1), joined];
  }, []);
}
