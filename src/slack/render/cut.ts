const CUT = "…";
const FENCE = "\n```";

/** Cuts a text to at most `max` UTF-16 units, between characters, with an ellipsis; an open code block is closed again. */
export function cut(text: string, max: number): string {
  return cutAt(text, max, (kept) => kept);
}

/** Cuts mrkdwn as `cut` does, and never through a link, a mention, a time or an escaped character. */
export function cutMarkup(text: string, max: number): string {
  return cutAt(text, max, (kept) => kept.replace(/<[^<>]*$/u, "").replace(/&[a-z]{0,4}$/u, ""));
}

/** Cuts a text to at most `max` bytes of UTF-8. */
export function cutBytes(text: string, max: number): string {
  let kept = cutMarkup(text, max);
  while (bytesOf(kept) > max) kept = cutMarkup(kept, Math.floor(kept.length * 0.8));
  return kept;
}

const encoder = new TextEncoder();

/** Counts the bytes of a text in UTF-8. */
export function bytesOf(text: string): number {
  return encoder.encode(text).length;
}

function cutAt(text: string, max: number, tidy: (kept: string) => string): string {
  if (text.length <= max) return text;
  const room = text.includes("```") ? max - FENCE.length - CUT.length : max - CUT.length;
  const kept = tidy(text.slice(0, Math.max(0, room)).replace(/[\uD800-\uDBFF]$/u, ""));
  const open = (kept.match(/```/gu) ?? []).length % 2 === 1;
  return `${kept}${CUT}${open ? FENCE : ""}`;
}
