import { clean } from "../render/clean.ts";
import type { Block, Content } from "../render/content.ts";
import { fitMessage } from "../render/limits.ts";

/** Cleans a message of secrets and cuts it to Slack's limits: the last step before it is sent. */
export function fitted(content: Content): { text: string; blocks: Block[] } {
  return fitMessage(clean({ text: content.text, blocks: content.blocks }));
}
