import type { Timestamp } from "../lib/clock.ts";

/** No scrape takes longer; a time that is further back is a clock that was set. */
const LONGEST_MS = 120_000;

/** Tells whether a scrape that ends now had asked before the one whose answers are known: two may run at once and end in any order. */
export function askedBefore(askedAt: Timestamp, known: Timestamp): boolean {
  return askedAt < known && known - askedAt <= LONGEST_MS;
}
