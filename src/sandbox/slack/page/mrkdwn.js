/* Slack's mrkdwn as DOM nodes. Nothing here ever sets HTML: foreign text can only become text nodes. */
import { element } from "./dom.js";
import { sign } from "./signs.js";

const TOKEN =
  /```([\s\S]*?)```|`([^`\n]+)`|<([^<>]+)>|:([a-z0-9_+-]+):|(?<![\w*])\*([^*\n]+)\*(?![\w*])|(?<![\w_])_([^_\n]+)_(?![\w_])|(?<![\w~])~([^~\n]+)~(?![\w~])/gu;

/** Turns mrkdwn into nodes. `names` gives names by the ids of people and groups. */
export function mrkdwn(text, names) {
  const out = document.createDocumentFragment();
  for (const part of text.split(/((?:^(?:&gt;|>) ?.*\n?)+)/mu)) {
    if (!/^(?:&gt;|>)/u.test(part)) out.append(spans(part, names));
    else out.append(element("blockquote", "", spans(part.replaceAll(/^(?:&gt;|>) ?/gmu, "").trimEnd(), names)));
  }
  return out;
}

function spans(text, names) {
  const out = document.createDocumentFragment();
  let at = 0;
  for (const found of text.matchAll(TOKEN)) {
    out.append(unescapeText(text.slice(at, found.index)), tokenNode(found, names));
    at = found.index + found[0].length;
  }
  out.append(unescapeText(text.slice(at)));
  return out;
}

/** Turns the `:names:` of a plain text into signs; nothing else in it is markup. */
export function plainText(text) {
  const out = document.createDocumentFragment();
  for (const part of text.split(/(:[a-z0-9_+-]+:)/u)) out.append(sign(part.slice(1, -1)) ?? part);
  return out;
}

function tokenNode([whole, block, code, angle, name, bold, italic, strike], names) {
  if (block !== undefined) return element("pre", "", unescapeText(block.replace(/^\n|\n$/gu, "")));
  // A name of a node must not be cut at its hyphen.
  if (code !== undefined) return element("code", code.length > 24 ? "" : "short", unescapeText(code));
  if (angle !== undefined) return angleNode(angle, names);
  if (name !== undefined) return sign(name) ?? document.createTextNode(whole);
  if (bold !== undefined) return element("strong", "", spans(bold, names));
  if (italic !== undefined) return element("em", "", spans(italic, names));
  return element("s", "", spans(strike, names));
}

function angleNode(inside, names) {
  const [target, label = target] = inside.split("|");
  if (inside.startsWith("@")) return mention(names[target.slice(1)] ?? target.slice(1));
  if (inside.startsWith("#")) return element("span", "mention", `#${names[target.slice(1)] ?? label.replace("#", "")}`);
  if (inside.startsWith("!date^")) return element("time", "", formatDate(inside));
  if (inside.startsWith("!subteam^")) return mention(names[target.slice(9)] ?? label.replace("@", ""), "loud");
  if (inside.startsWith("!")) return mention(target.slice(1), "loud");
  if (!/^https?:/u.test(target)) return document.createTextNode(`<${inside}>`);
  return link(unescapeText(target), unescapeText(label));
}

function mention(name, kind = "") {
  return element("span", `mention ${kind}`, `@${name}`);
}

/** Makes a link that opens elsewhere. */
export function link(target, label) {
  const node = element("a", "", label);
  if (/^https?:/u.test(target)) node.href = target;
  node.rel = "noreferrer";
  node.target = "_blank";
  return node;
}

function formatDate(inside) {
  const [, seconds, format = ""] = inside.split("|")[0].split("^");
  const date = new Date(Number(seconds) * 1000);
  const time = date.toLocaleTimeString([], {
    hour: "2-digit",
    minute: "2-digit",
    second: format.includes("{time_secs}") ? "2-digit" : undefined,
  });
  const today = new Date().toDateString() === date.toDateString();
  const day = today ? "today" : date.toLocaleDateString([], { month: "short", day: "numeric" });
  return unescapeText(format).replaceAll(/\{(\w+)\}/gu, (_whole, name) => (name.startsWith("time") ? time : day));
}

function unescapeText(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
