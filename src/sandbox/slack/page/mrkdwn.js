/*
 * Slack's mrkdwn as DOM nodes. Nothing here ever sets HTML: foreign text can only become text nodes.
 */
/* Signs instead of emoji: many machines have no font for those. Each is a glyph and a colour of page.css. */
const SIGNS = {
  lock: ["◆", "amber"],
  unlock: ["◇", "green"],
  white_check_mark: ["✔", "green"],
  x: ["✘", "red"],
  warning: ["⚠", "amber"],
  fast_forward: ["»", "grey"],
  hourglass_flowing_sand: ["◔", "blue"],
  red_circle: ["●", "red"],
  large_green_circle: ["●", "green"],
  large_blue_circle: ["●", "blue"],
  large_orange_circle: ["●", "amber"],
  white_circle: ["○", "grey"],
  black_circle: ["●", "black"],
  rotating_light: ["▲", "red"],
  raised_hand: ["■", "amber"],
  wrench: ["⚒", "blue"],
  octagonal_sign: ["■", "red"],
  no_entry: ["⊘", "red"],
  question: ["?", "amber"],
  checkered_flag: ["⚑", "grey"],
  book: ["▤", "blue"],
  speech_balloon: ["❝", "grey"],
  ballot_box_with_check: ["☑", "green"],
};

const TOKEN =
  /```([\s\S]*?)```|`([^`\n]+)`|<([^<>]+)>|:([a-z_]+):|\*([^*\n]+)\*|(?<![\w])_([^_\n]+)_(?![\w])|~([^~\n]+)~/gu;

/** Turns mrkdwn into nodes. `names` gives people's names by their ids. */
export function mrkdwn(text, names) {
  const out = document.createDocumentFragment();
  let at = 0;
  for (const found of text.matchAll(TOKEN)) {
    out.append(unescapeText(text.slice(at, found.index)));
    out.append(tokenNode(found, names));
    at = found.index + found[0].length;
  }
  out.append(unescapeText(text.slice(at)));
  return out;
}

/** Makes an element with text and a class. */
export function element(tag, className, content = "") {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(content);
  return node;
}

/** Turns the `:names:` of a plain text into signs; nothing else in it is markup. */
export function plainText(text) {
  const out = document.createDocumentFragment();
  for (const part of text.split(/(:[a-z_]+:)/u)) out.append(sign(part.slice(1, -1)) ?? part);
  return out;
}

function sign(name) {
  if (!Object.hasOwn(SIGNS, name)) return undefined;
  const [glyph, colour] = SIGNS[name];
  const node = element("span", `sign ${colour}`, glyph);
  node.title = name.replaceAll("_", " ");
  return node;
}

function tokenNode([whole, block, code, angle, name, bold, italic, strike], names) {
  if (block !== undefined) return element("pre", "", unescapeText(block.replace(/^\n/u, "")));
  if (code !== undefined) return element("code", "", unescapeText(code));
  if (angle !== undefined) return angleNode(angle, names);
  if (name !== undefined) return sign(name) ?? document.createTextNode(whole);
  if (bold !== undefined) return element("strong", "", mrkdwn(bold, names));
  if (italic !== undefined) return element("em", "", mrkdwn(italic, names));
  return element("s", "", mrkdwn(strike, names));
}

function angleNode(inside, names) {
  if (inside.startsWith("@"))
    return element("span", "mention", `@${names[inside.slice(1).split("|")[0]] ?? inside.slice(1)}`);
  if (inside.startsWith("#")) return element("span", "mention", `#${inside.slice(1).split("|")[1] ?? inside.slice(1)}`);
  if (inside.startsWith("!date^")) return element("time", "", formatDate(inside));
  if (inside.startsWith("!")) return element("span", "mention loud", `@${inside.slice(1).split("|")[0]}`);
  const [target, label = target] = inside.split("|");
  if (!/^https?:/u.test(target)) return document.createTextNode(`<${inside}>`);
  const link = element("a", "", unescapeText(label));
  link.href = unescapeText(target);
  link.rel = "noreferrer";
  link.target = "_blank";
  return link;
}

function formatDate(inside) {
  const [, seconds, format = ""] = inside.split("|")[0].split("^");
  const date = new Date(Number(seconds) * 1000);
  const time = date.toLocaleTimeString([], {
    hour: "2-digit",
    minute: "2-digit",
    second: format.includes("{time_secs}") ? "2-digit" : undefined,
  });
  if (!format.includes("{date")) return time;
  const today = new Date().toDateString() === date.toDateString();
  return `${today ? "today" : date.toLocaleDateString([], { month: "short", day: "numeric" })} at ${time}`;
}

function unescapeText(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
