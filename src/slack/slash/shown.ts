import { nearest } from "../../lib/nearest.ts";
import { code } from "../render/mrkdwn.ts";

/** More than this is no name, and not worth a search. */
const LONGEST_NAME = 100;

/** Writes (mrkdwn) something that somebody typed, short enough to be repeated. */
export function shown(word: string): string {
  return code(word, 80);
}

/** Writes (mrkdwn) ` Did you mean …?` with the nearest of the known names, or what else to do when none is near. */
export function meant(word: string, known: readonly string[], otherwise = ""): string {
  const near = word.length > LONGEST_NAME ? undefined : nearest(word, known);
  if (near !== undefined) return ` Did you mean ${code(near, 80)}?`;
  return otherwise === "" ? "" : ` ${otherwise}`;
}

/** Lists (mrkdwn) some names, and how many more there are. */
export function names(all: readonly string[], most = 10): string {
  const rest = all.length - most;
  return `${all
    .slice(0, most)
    .map((name) => code(name, 80))
    .join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}
