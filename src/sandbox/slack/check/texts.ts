import { LIMITS } from "../limits.ts";
import { bool, kinds, needed, object, oneOf, text, type Check } from "./shape.ts";

/** Checks a text object of plain text. */
export function plain(max: number): Check {
  return object({ type: needed(oneOf("plain_text")), text: needed(text(max)), emoji: bool });
}

/** Checks a text object of mrkdwn; those have no `emoji`. */
export function mrkdwn(max: number): Check {
  return object({ type: needed(oneOf("mrkdwn")), text: needed(text(max)), verbatim: bool });
}

/** Checks a text object of either kind. */
export function eitherText(max: number): Check {
  return kinds("text", { plain_text: plain(max), mrkdwn: mrkdwn(max) });
}

/** Checks a confirmation dialog. */
export const confirm: Check = object({
  title: needed(plain(LIMITS.confirm.title)),
  text: needed(eitherText(LIMITS.confirm.text)),
  confirm: needed(plain(LIMITS.confirm.button)),
  deny: needed(plain(LIMITS.confirm.button)),
  style: oneOf("primary", "danger"),
});
