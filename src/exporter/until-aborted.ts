import { FailureError } from "../lib/failure.ts";

/** Waits for a promise, but not beyond the signal's end: then throws reason `timeout`, and what the promise does later is ignored. */
export async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal, what: string): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => {
    reject(new FailureError({ reason: "timeout", retryable: true, message: `${what}: there was no time left` }));
  };
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
