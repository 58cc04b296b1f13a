import { LIMITS } from "../limits.ts";
import { bool, int, kinds, list, needed, object, oneOf, text, textOrNone, type Check, type Field } from "./shape.ts";

const MANY = 1000;
const style = object({
  bold: bool,
  italic: bool,
  strike: bool,
  code: bool,
  underline: bool,
  highlight: bool,
  client_highlight: bool,
  unlink: bool,
});
const type = needed(text(50));

/** Rich text refuses empty texts, but not blanks. */
const words: Check = (value, at, { report }) => {
  if (typeof value !== "string" || value.length === 0) report(at, "must be more than 0 characters");
};

const inline = kinds("rich text", {
  text: object({ type, text: needed(words), style }),
  link: object({ type, url: needed(text(LIMITS.button.url)), text: textOrNone(3000), unsafe: bool, style }),
  emoji: object({ type, name: needed(text(100)), unicode: text(100), url: text(3000), skin_tone: int(1, 6), style }),
  user: object({ type, user_id: needed(text(30)), style }),
  usergroup: object({ type, usergroup_id: needed(text(30)), style }),
  channel: object({ type, channel_id: needed(text(30)), style }),
  team: object({ type, team_id: needed(text(30)), style }),
  broadcast: object({ type, range: needed(oneOf("here", "channel", "everyone")), style }),
  color: object({ type, value: needed(text(20)), style }),
  date: object({
    type,
    timestamp: needed(int(0, Number.MAX_SAFE_INTEGER)),
    format: needed(text(300)),
    url: text(3000),
    fallback: text(3000),
    style,
  }),
});

const elements: Field = needed(list(0, MANY, inline));
const section = object({ type, elements });

const element = kinds("rich text element", {
  rich_text_section: section,
  rich_text_preformatted: object({ type, elements, border: int(0, 1), language: text(50) }),
  rich_text_quote: object({ type, elements, border: int(0, 1) }),
  rich_text_list: object({
    type,
    style: needed(oneOf("bullet", "ordered")),
    elements: needed(list(1, MANY, kinds("list item", { rich_text_section: section }))),
    indent: int(0, 8),
    offset: int(0, MANY),
    border: int(0, 1),
  }),
});

/** Checks a `rich_text` block, or one that stands in a cell, a task or a title. */
export const richText: Check = object({
  type: needed(oneOf("rich_text")),
  block_id: text(LIMITS.ids.blockId),
  elements: needed(list(1, MANY, element)),
});
