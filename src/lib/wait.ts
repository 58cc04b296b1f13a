import type { Timers } from "./clock.ts";

/** Waits so many milliseconds, or less when a signal is given and ends. */
export async function wait(milliseconds: number, timers: Timers, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted === true) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const cancel = timers.after(milliseconds, resolve);
  const onAbort = (): void => resolve();
  signal?.addEventListener("abort", onAbort, { once: true });
  await promise;
  cancel();
  signal?.removeEventListener("abort", onAbort);
}
