import type { Clock } from "../lib/clock.ts";

/** How many requests may come: one in every interval, and so many at once after a quiet time. */
export type RateLimit = { readonly intervalMs: number; readonly burst: number };

/** Creates a bucket: each call takes a token and gives whether there was one. It keeps its tokens when the limit changes. */
export function createTokenBucket(clock: Clock): (limit: RateLimit) => boolean {
  let tokens: number | undefined;
  let filledAt = clock.now();
  return ({ intervalMs, burst }) => {
    const now = clock.now();
    tokens = Math.min(burst, (tokens ?? burst) + Math.max(0, now - filledAt) / intervalMs);
    filledAt = now;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}
