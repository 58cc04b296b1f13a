import { setTimeout as delay } from "node:timers/promises";
import { FailureError } from "../lib/failure.ts";

/** Limits of one wait. */
export type WaitOptions = {
  /** Default 30 000. */
  readonly timeoutMs?: number;
  /** Pause between two probes; default 25. */
  readonly everyMs?: number;
  /** Ends the wait at once with the signal's reason, for instance because the process died. */
  readonly signal?: AbortSignal;
};

/**
 * Waits for a condition: asks `probe` until it gives something else than undefined. An error of the probe counts as
 * "not yet". Throws reason `timeout` with the last error in its message.
 */
export async function waitFor<T>(
  what: string,
  probe: () => Promise<T | undefined>,
  options: WaitOptions = {},
): Promise<T> {
  const { timeoutMs = 30_000, everyMs = 25, signal } = options;
  const deadline = performance.now() + timeoutMs;
  let lastError: unknown;
  do {
    signal?.throwIfAborted();
    try {
      const found = await probe();
      if (found !== undefined) return found;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    // The abort is seen at the head of the loop, where its reason is thrown instead of a plain AbortError.
    await delay(everyMs, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
  } while (performance.now() < deadline);
  signal?.throwIfAborted();
  throw gaveUp(what, timeoutMs, lastError);
}

function gaveUp(what: string, timeoutMs: number, lastError: unknown): FailureError {
  const seen = lastError === undefined ? "the condition never held" : `last error: ${describe(lastError)}`;
  return new FailureError(
    { reason: "timeout", retryable: true, message: `cannot see ${what}: not within ${timeoutMs} ms (${seen})` },
    { cause: lastError },
  );
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
