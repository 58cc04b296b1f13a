import type { CallOptions } from "../vault/transport.ts";

/** A scrape's deadline: the signal that ends there, and how many milliseconds there were from the scrape's start to it. */
export type Deadline = { readonly signal: AbortSignal; readonly timeoutMs: number };

/** A healthy node answers these calls in milliseconds; one that needs longer than this is not healthy. */
const MAX_CALL_MS = 3000;

/** Gives one call a share (0 to 1) of the scrape's time, at most 3 s, so that a frozen node does not eat the scrape. */
export function callBudget({ timeoutMs, signal }: Deadline, share: number): Required<CallOptions> {
  return { signal, timeoutMs: Math.max(1, Math.floor(Math.min(MAX_CALL_MS, timeoutMs * share))) };
}
