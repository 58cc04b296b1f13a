import { formatDuration } from "../lib/duration.ts";
import { html, type Html } from "../lib/html.ts";
import type { Timestamp } from "../lib/clock.ts";

/** Shows a time as `2026-11-22 03:14:05 UTC`. */
export function timeTag(at: Timestamp): Html {
  const iso = toIso(at);
  return html`<time datetime="${iso}">${iso.slice(0, 19).replace("T", " ")} UTC</time>`;
}

/** Shows a time as `03:14:05 UTC`, with the date too when it is another day than `near`. */
export function clockTag(at: Timestamp, near: Timestamp): Html {
  const iso = toIso(at);
  return iso.slice(0, 10) === toIso(near).slice(0, 10)
    ? html`<time datetime="${iso}">${iso.slice(11, 19)} UTC</time>`
    : timeTag(at);
}

/** Says how long ago a time was, or how far it is: `3m ago`, `in 12m 5s`. */
export function distance(at: Timestamp, now: Timestamp): string {
  return at <= now ? `${formatDuration(now - at)} ago` : `in ${formatDuration(at - now)}`;
}

function toIso(at: Timestamp): string {
  return new Date(at).toISOString();
}
