/* Standard Markdown, as `markdown` blocks hold it: headings, lists, quotes, code and the usual spans. */
import { element } from "./dom.js";
import { link, plainText } from "./mrkdwn.js";

const SPAN = /`([^`]+)`|\[([^\]]+)\]\(([^)\s]+)\)|\*\*([^*]+)\*\*|\*([^*]+)\*|__([^_]+)__|_([^_]+)_|~~([^~]+)~~/gu;

/** Turns Markdown into nodes. */
export function markdown(text) {
  const out = document.createDocumentFragment();
  for (const block of text.split(/(^```[\s\S]*?^```$)|\n{2,}/mu)) if (block?.trim()) out.append(blockNode(block));
  return out;
}

function blockNode(block) {
  const fence = /^```\w*\n([\s\S]*?)\n?```$/u.exec(block);
  if (fence) return element("pre", "", fence[1]);
  const lines = block.trim().split("\n");
  const heading = /^(#{1,6}) (.*)$/u.exec(lines[0]);
  if (heading) return element("div", "", element("h4", "", spans(heading[2])), ...rest(lines));
  if (lines.every((line) => /^\s*(?:[-*]|\d+[.]) /u.test(line))) return listNode(lines);
  if (lines.every((line) => line.startsWith(">")))
    return element("blockquote", "", spans(lines.map((line) => line.replace(/^> ?/u, "")).join("\n")));
  return element("p", "", spans(lines.join("\n")));
}

function rest(lines) {
  return lines.length > 1 ? [blockNode(lines.slice(1).join("\n"))] : [];
}

function listNode(lines) {
  const items = lines.map((line) => element("li", "", spans(line.replace(/^\s*(?:[-*]|\d+[.]) /u, ""))));
  return element(/^\s*\d/u.test(lines[0]) ? "ol" : "ul", "", items);
}

function spans(text) {
  const out = document.createDocumentFragment();
  let at = 0;
  for (const found of text.matchAll(SPAN)) {
    out.append(plainText(text.slice(at, found.index)), spanNode(found));
    at = found.index + found[0].length;
  }
  out.append(plainText(text.slice(at)));
  return out;
}

function spanNode([, code, label, target, strong, italic, strong2, italic2, strike]) {
  if (code !== undefined) return element("code", "", code);
  if (label !== undefined) return link(target, label);
  if (strike !== undefined) return element("s", "", strike);
  const bold = strong ?? strong2;
  return bold === undefined ? element("em", "", spans(italic ?? italic2)) : element("strong", "", spans(bold));
}
