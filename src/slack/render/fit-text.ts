import { cut, cutMarkup } from "./cut.ts";

/** A piece of a payload whose kind is told by its `type`. */
export type Part = Readonly<Record<string, unknown>>;

/** Gives a list inside a part; anything else counts as an empty one. */
export function partsAt(part: Part, key: string): readonly Part[] {
  const value = part[key];
  return Array.isArray(value) ? value.filter(isPart) : [];
}

/** Says whether a value is an object of a payload. */
export function isPart(value: unknown): value is Part {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Slack refuses blank text. */
export function filled(text: unknown, blank = "(no text)"): string {
  return typeof text !== "string" || text.trim() === "" ? blank : text;
}

/**
 * Cuts a text object. Slack makes links and mentions of bare addresses and names in mrkdwn unless it is `verbatim`; what we mean as markup is
 * written out.
 */
export function fitText(value: unknown, max: number): Part {
  const part = isPart(value) ? value : { type: "plain_text", text: value };
  const text = filled(part["text"]);
  if (part["type"] === "mrkdwn") return { ...part, text: cutMarkup(text, max), verbatim: true };
  return { ...part, text: cut(text, max) };
}

/** Cuts the text objects that a part has under some keys. */
export function fitTexts(part: Part, limits: Readonly<Record<string, number>>): Part {
  const fitted = Object.entries(limits)
    .filter(([key]) => part[key] !== undefined)
    .map(([key, max]) => [key, fitText(part[key], max)] as const);
  return { ...part, ...Object.fromEntries(fitted) };
}
