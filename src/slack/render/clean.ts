import { redact } from "../../lib/redact.ts";
import { plain } from "./mrkdwn.ts";

/** Cleans every string of a payload: secrets go, control characters go. The last step before anything is sent. */
export function clean<T>(value: T): T {
  if (typeof value === "string") return cleanText(value) as T;
  if (Array.isArray(value)) return value.map((item: unknown) => clean(item)) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, clean(item as unknown)])) as T;
}

/** Slack would read the angle brackets of `<redacted …>` as markup. */
function cleanText(text: string): string {
  return redact(plain(text)).replaceAll(/<redacted ([\w ]+)>/gu, "[redacted $1]");
}
