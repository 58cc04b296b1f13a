import type { types } from "@slack/bolt";
import { ACTIONS } from "../ids.ts";
import { clean } from "../render/clean.ts";
import type { Block } from "../render/content.ts";

/** How many options a list of Slack's takes; with more, people type and choose among what fits. */
export const MOST_OPTIONS = 100;
const LONGEST_OPTION = 75;

/** Makes a list to choose from; undefined when Slack does not take it (100 options of 75 characters), and the value must be typed. */
export function chooser(blockId: string, label: string, options: readonly string[]): Block | undefined {
  const isTaken = (option: string): boolean => option.length <= LONGEST_OPTION && option.trim() !== "";
  if (options.length === 0 || options.length > MOST_OPTIONS || !options.every(isTaken)) return undefined;
  return {
    type: "input",
    block_id: blockId,
    label: { type: "plain_text", text: label },
    element: {
      type: "static_select",
      action_id: ACTIONS.input,
      options: [...new Set(options)].map((value) => ({ text: { type: "plain_text", text: value }, value })),
    },
  };
}

/** Says whether Slack can show a name as it is: not blank, nothing in it that would be cleaned away, and short enough. */
export function fitsOption(name: string): boolean {
  return name.trim() !== "" && name.length <= LONGEST_OPTION && clean(name) === name;
}

/** Makes an option of a name. One that does not fit is cut in the middle, where names differ least, and stands for itself by a short key. */
export function optionOf(name: string): types.PlainTextOption {
  const text = shorten(clean(name).replaceAll(/\s+/gu, " ").trim() || "(no name)");
  return { text: { type: "plain_text", text }, value: fitsOption(name) ? name : keyOf(name) };
}

/** Gives the name that an option's value stands for; a value that stands for none of the names is given back as it is. */
export function namedBy(value: string, names: readonly string[]): string {
  return names.find((name) => !fitsOption(name) && keyOf(name) === value) ?? value;
}

function shorten(text: string): string {
  if (text.length <= LONGEST_OPTION) return text;
  const half = Math.floor((LONGEST_OPTION - 1) / 2);
  return `${text.slice(0, half)}…${text.slice(-half)}`.toWellFormed();
}

/** FNV-1a, 32 bits: it tells some hundred names apart, and whoever forges one only chooses another name that they may choose anyway. */
function keyOf(name: string): string {
  let hash = 0x811c9dc5;
  for (const character of name) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return `#${(hash >>> 0).toString(16)}`;
}
