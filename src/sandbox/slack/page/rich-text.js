/* `rich_text` as DOM nodes. */
import { element } from "./dom.js";
import { link } from "./mrkdwn.js";
import { sign } from "./signs.js";

/** Draws a `rich_text` block, also inside a cell or a task. */
export function richText(block, context) {
  return element(
    "div",
    "rich-text",
    block.elements.map((part) => PARTS[part.type]?.(part, context) ?? ""),
  );
}

const PARTS = {
  rich_text_section: (part, context) => element("div", "", inline(part, context)),
  rich_text_preformatted: (part, context) => element("pre", "", inline(part, context)),
  rich_text_quote: (part, context) => element("blockquote", "", inline(part, context)),
  rich_text_list: (part, context) => {
    const items = part.elements.map((item) => element("li", "", inline(item, context)));
    const list = element(part.style === "ordered" ? "ol" : "ul", "", items);
    list.style.setProperty("--indent", String(part.indent ?? 0));
    return list;
  },
};

function inline({ elements }, context) {
  return elements.map((part) => styled(INLINE[part.type]?.(part, context) ?? `(${part.type})`, part.style));
}

const INLINE = {
  text: (part) => part.text,
  link: (part) => link(part.url, part.text || part.url),
  emoji: (part) => sign(part.name) ?? `:${part.name}:`,
  user: (part, { names }) => element("span", "mention", `@${names[part.user_id] ?? part.user_id}`),
  usergroup: (part, { names }) => element("span", "mention loud", `@${names[part.usergroup_id] ?? part.usergroup_id}`),
  channel: (part, { names }) => element("span", "mention", `#${names[part.channel_id] ?? part.channel_id}`),
  broadcast: (part) => element("span", "mention loud", `@${part.range}`),
  date: (part) => element("time", "", new Date(part.timestamp * 1000).toLocaleString()),
  color: (part) => element("code", "", part.value),
};

const TAGS = { bold: "strong", italic: "em", strike: "s", code: "code", underline: "u" };

function styled(node, style = {}) {
  return Object.entries(TAGS).reduce((inner, [name, tag]) => (style[name] ? element(tag, "", inner) : inner), node);
}
