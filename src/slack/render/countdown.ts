import type { Timestamp } from "../../lib/clock.ts";

const MINUTE_MS = 60_000;
/** So few, because each is an edit of a message. */
const MINUTES = [15, 10, 5, 3, 2] as const;

/** What is left until a moment: in words once it gets short, and when the words change. */
export type Left = { readonly words: string | undefined; readonly nextAt: Timestamp | undefined };

/** Says how much time is left, in steps: nothing, less than 15, 10, 5, 3, 2 minutes, less than a minute. */
export function leftOf(until: Timestamp, now: Timestamp): Left {
  const left = until - now;
  if (left <= 0) return { words: "expires now", nextAt: undefined };
  if (left <= MINUTE_MS) return { words: "less than a minute left", nextAt: until };
  const index = MINUTES.findLastIndex((minutes) => left <= minutes * MINUTE_MS);
  const next = MINUTES[index + 1] ?? 1;
  const words = index === -1 ? undefined : `less than ${MINUTES[index]} min left`;
  return { words, nextAt: until - next * MINUTE_MS };
}
