import type { Clock, Timestamp } from "../../lib/clock.ts";

/** Longer than a signature holds, on either side of our clock. */
const KEPT_MS = 10 * 60_000;
const MOST = 10_000;

/**
 * Makes a memory of the signatures of the last ten minutes: true for one that it has not seen. Only right signatures come here, so
 * that nobody else can fill it; when it is full all the same, the oldest is forgotten.
 */
export function createReplayCache(clock: Clock): (signature: string) => boolean {
  const seen = new Map<string, Timestamp>();
  return (signature) => {
    const now = clock.now();
    for (const [old, at] of seen) {
      if (seen.size < MOST && now - at < KEPT_MS) break;
      seen.delete(old);
    }
    if (seen.has(signature)) return false;
    seen.set(signature, now);
    return true;
  };
}
