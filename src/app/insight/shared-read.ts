import type { Clock, Timestamp } from "../../lib/clock.ts";

/** Makes a read that everybody shares: who asks while it is under way, or soon after it began, gets the same. The read must not reject. */
export function createSharedRead<T>(read: () => Promise<T>, forMs: number, clock: Clock): () => Promise<T> {
  let held: { readonly at: Timestamp; readonly found: Promise<T> } | undefined;
  return async () => {
    const now = clock.now();
    // A clock that was set back must not keep what it finds for ever.
    if (held === undefined || now < held.at || now - held.at >= forMs) held = { at: now, found: read() };
    return await held.found;
  };
}
