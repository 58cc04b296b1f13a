import { ACTIONS } from "../ids.ts";
import type { Block } from "../render/content.ts";

const MOST_OPTIONS = 100;
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
