import type { Timestamp } from "../../lib/clock.ts";
import { redact } from "../../lib/redact.ts";

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/** Makes text that Slack's form encoding can carry: whole characters, no control characters but line breaks and tabs. */
export function plain(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what must go
  return text.toWellFormed().replaceAll(/[\u0000-\u0008\u000B-\u001F\u007F]/gu, " ");
}

/** Writes foreign text as mrkdwn: nothing in it can be a link, a mention or a command, and nothing secret stays. */
export function escape(text: string): string {
  return redact(plain(text)).replaceAll(/[&<>]/gu, (character) => ENTITIES[character] ?? character);
}

/** Writes foreign text as inline code. */
export function code(text: string): string {
  const inside = escape(text).replaceAll("`", "ʹ").replaceAll("\n", " ").trim();
  return inside === "" ? "(empty)" : `\`${inside}\``;
}

/** Writes foreign text as a block of code. */
export function codeBlock(text: string): string {
  return `\`\`\`\n${escape(text).replaceAll("```", "ʹʹʹ")}\n\`\`\``;
}

/** Writes a link; gives undefined unless the address is http or https. */
export function link(address: string | undefined, label: string): string | undefined {
  if (address === undefined || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (url.protocol !== "http:" && url.protocol !== "https:") return undefined;
  const target = url.href.replaceAll(/[<>|]/gu, (character) => encodeURIComponent(character)).replaceAll("&", "&amp;");
  return `<${target}|${escape(label).replaceAll("|", "¦")}>`;
}

/** Writes a time so that everybody reads it in their own zone, with UTC for clients that cannot. */
export function time(
  at: Timestamp,
  format: "{date_short_pretty} {time}" | "{time}" = "{date_short_pretty} {time}",
): string {
  const seconds = Math.floor(at / 1000);
  return `<!date^${seconds}^${format}|${new Date(seconds * 1000).toISOString().replace(".000Z", "Z")}>`;
}

/** Mentions people by their member ids; anything that is not one is left out. */
export function mentions(slackIds: readonly string[]): string {
  return slackIds
    .filter((id) => /^[UW][A-Z0-9]+$/u.test(id))
    .map((id) => `<@${id}>`)
    .join(" ");
}
