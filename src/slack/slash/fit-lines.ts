import { section, type Block } from "../render/content.ts";
import { cutMarkup } from "../render/cut.ts";

/** A section holds 3,000 characters, and all of a message about 12,000 with everything else in it. */
const SECTION = 2800;
const LINE = 400;

/** Puts lines into as few sections as hold them, as many as the budget (characters) allows; `more` says (mrkdwn) what became of the rest. */
export function fitLines(lines: readonly string[], budget: number, more: (left: number) => string): readonly Block[] {
  const fitted = lines.map((line) => cutMarkup(line, LINE));
  let sum = 0;
  const kept = fitted.filter((line) => (sum += line.length + 1) <= budget);
  const left = fitted.length - kept.length;
  return pack(left === 0 ? kept : [...kept, more(left)]).map(section);
}

function pack(lines: readonly string[]): readonly string[] {
  const packed: string[] = [];
  for (const line of lines) {
    const last = packed.at(-1);
    if (last !== undefined && last.length + line.length < SECTION) packed[packed.length - 1] = `${last}\n${line}`;
    else packed.push(line);
  }
  return packed;
}
