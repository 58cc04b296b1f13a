import { redact } from "../lib/redact.ts";

/*
 * What an SVG cannot hold (controls, what is no character, half of a pair), and what would turn the reading direction of all that follows.
 */
// oxlint-disable-next-line no-control-regex -- control characters are what must go
const UNFIT = /[\u0000-\u001F\u007F-\u009F\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFF]/gu;

/** Makes foreign text fit for a picture: one line, nothing secret, at most `max` characters. A picture cannot be redacted later. */
export function plainLine(text: string, max: number): string {
  const line = redact(text.toWellFormed().replaceAll(UNFIT, " ")).replaceAll(/\s+/gu, " ").trim();
  const characters = Array.from(line);
  return characters.length > max ? `${characters.slice(0, max - 1).join("")}…` : line;
}

/** Estimates the width of a text in DejaVu Sans, in pixels, rather too wide than too narrow. */
export function textWidth(text: string, fontSize: number): number {
  return Array.from(text).reduce((width, character) => width + emOf(character), 0) * fontSize;
}

/** Cuts a text to a width in pixels, with an ellipsis. */
export function cutToWidth(text: string, width: number, fontSize: number): string {
  if (textWidth(text, fontSize) <= width) return text;
  let kept = "";
  for (const character of text) {
    if (textWidth(`${kept}${character}…`, fontSize) > width) break;
    kept += character;
  }
  return `${kept.trimEnd()}…`;
}

/** Cuts a text to a width in pixels, with an ellipsis in its middle: names often differ only at their end. */
export function cutMiddle(text: string, width: number, fontSize: number): string {
  if (textWidth(text, fontSize) <= width) return text;
  const characters = Array.from(text);
  for (let kept = characters.length - 1; kept > 1; kept--) {
    const head = Math.ceil(kept / 2);
    const cut = `${characters.slice(0, head).join("")}…${characters.slice(characters.length - (kept - head)).join("")}`;
    if (textWidth(cut, fontSize) <= width) return cut;
  }
  return "…";
}

/** Advance widths of the font, by groups. */
function emOf(character: string): number {
  if (/[ijl.,:;'|!]/u.test(character)) return 0.34;
  if (/[ frt()[\]/\\{}"-]/u.test(character)) return 0.47;
  if (/[a-z0-9_*?$]/u.test(character)) return /[mw]/u.test(character) ? 0.98 : 0.64;
  if (/[A-Z]/u.test(character)) return /[MWOQ]/u.test(character) ? 0.99 : 0.77;
  return 1;
}
