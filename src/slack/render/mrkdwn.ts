import type { Timestamp } from "../../lib/clock.ts";
import { redact } from "../../lib/redact.ts";
import { cutMarkup } from "./cut.ts";

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

// oxlint-disable-next-line no-control-regex -- control characters are what must go
const CONTROL = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u2028\u2029]/gu;
/** What has no width or turns the direction of text around: with it one name can look like another. */
const UNSEEN =
  /[\u061C\u180E\u200B\u200E\u200F\u202A-\u202E\u2060-\u2064\u2066-\u206F\uFEFF\uFFF9-\uFFFB\u{E0000}-\u{E007F}]/gu;

/** Makes text that Slack's form encoding can carry and people can trust: whole characters, none unseen, no control characters but line breaks and tabs. */
export function plain(text: string): string {
  return text.toWellFormed().replaceAll(UNSEEN, "").replaceAll(CONTROL, " ");
}

/** Writes foreign text as mrkdwn: nothing in it can be a link, a mention or a command, nothing opens a block of code, and nothing secret stays. */
export function escape(text: string): string {
  const safe = redact(plain(text)).replaceAll(/[&<>]/gu, (character) => ENTITIES[character] ?? character);
  return safe.replaceAll("```", "ʹʹʹ");
}

/** Writes foreign text as one line of at most `max` characters in which no emoji is written out: a name cannot wear our signs. */
export function line(text: string, max = 300): string {
  const single = escape(text).replaceAll(/\s+/gu, " ").trim();
  return cutMarkup(single.replaceAll(/(?<![\w:]):(?=[a-z][\w+'-]*:)/gu, "꞉"), max);
}

/** Writes a name in bold. */
export function bold(name: string): string {
  const inside = line(name, 80).replaceAll("*", "∗");
  return inside === "" ? "*(no name)*" : `*${inside}*`;
}

/** Writes foreign text as inline code of at most `max` characters. */
export function code(text: string, max = 500): string {
  const inside = cutMarkup(escape(text).replaceAll("`", "ʹ").replaceAll(/\s+/gu, " ").trim(), max);
  return inside === "" ? "(empty)" : `\`${inside}\``;
}

/** Writes foreign text as a block of code. */
export function codeBlock(text: string): string {
  return `\`\`\`\n${escape(text)}\n\`\`\``;
}

const LONGEST_ADDRESS = 1000;

/** Writes a link; gives undefined unless the address is http or https, of a sane length and without a name in front of its host. */
export function link(address: string | undefined, label: string): string | undefined {
  if (address === undefined || !isSane(address)) return undefined;
  const target = new URL(address).href
    .replaceAll(/[<>|]/gu, (character) => encodeURIComponent(character))
    .replaceAll("&", "&amp;");
  return `<${target}|${line(label, 100).replaceAll("|", "¦")}>`;
}

/**
 * Writes the text of a runbook, in which addresses are meant to be pressed: each becomes a link that shows all of itself. Anything else in it is
 * as harmless as with `escape`.
 */
export function linked(text: string): string {
  return redact(plain(text))
    .split(/(https?:\/\/[^\s<>|`"']*[^\s<>|`"'.,:;!?()[\]{}*_~])/u)
    .map((part, index) => (index % 2 === 0 ? escape(part) : (bareLink(part) ?? escape(part))))
    .join("");
}

function bareLink(address: string): string | undefined {
  return isSane(address) ? `<${address.replaceAll("&", "&amp;")}>` : undefined;
}

function isSane(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, username, password, href } = new URL(address);
  const isWeb = protocol === "http:" || protocol === "https:";
  return isWeb && username === "" && password === "" && href.length <= LONGEST_ADDRESS;
}

/** Writes a time so that everybody reads it in their own zone, with UTC for clients that cannot. */
export function time(
  at: Timestamp,
  format: "{date_short_pretty} {time}" | "{time}" = "{date_short_pretty} {time}",
): string {
  const seconds = Math.floor(at / 1000);
  return `<!date^${seconds}^${format}|${new Date(seconds * 1000).toISOString().replace(".000Z", "Z")}>`;
}

/** Mentions people by their member ids (`U…`, `W…`) and user groups by theirs (`S…`); anything that is neither is left out. */
export function mentions(slackIds: readonly string[]): string {
  const people = slackIds.filter((id) => /^[UW][A-Z0-9]+$/u.test(id)).map((id) => `<@${id}>`);
  const groups = slackIds.filter((id) => /^S[A-Z0-9]+$/u.test(id)).map((id) => `<!subteam^${id}>`);
  return [...new Set([...groups, ...people])].join(" ");
}
