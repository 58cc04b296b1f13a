import { section, type Content } from "../render/content.ts";
import { cut } from "../render/limits.ts";

/** Gives the simplest form of a message, for when Slack refuses it as too much: a sentence, and the buttons. */
export function minimal(content: Content): Content {
  const text = cut(content.text, 300);
  return { text, blocks: [section(text), ...content.blocks.filter((block) => block.type === "actions")] };
}
