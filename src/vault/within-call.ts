import { FailureError } from "../lib/failure.ts";
import type { CallOptions } from "./transport.ts";

/** Waits for something that serves several calls, but no longer than this one may take; throws `timeout` or `aborted` then, and it goes on. */
export async function withinCall<T>(task: Promise<T>, { signal, timeoutMs }: CallOptions, what: string): Promise<T> {
  const { promise: over, reject } = Promise.withResolvers<never>();
  const giveUp = (reason: "timeout" | "aborted"): void => {
    const why = reason === "timeout" ? "there was no time left" : "the caller gave up";
    reject(new FailureError({ reason, retryable: true, message: `${what}: ${why}; it goes on, try again` }));
  };
  const onAbort = (): void => {
    giveUp((signal?.reason as Error | undefined)?.name === "TimeoutError" ? "timeout" : "aborted");
  };
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => giveUp("timeout"), timeoutMs);
  signal?.addEventListener("abort", onAbort, { once: true });
  if (signal?.aborted === true) onAbort();
  try {
    return await Promise.race([task, over]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }
}
