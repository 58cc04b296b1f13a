import type { Clock, Timers } from "../../lib/clock.ts";
import { wait } from "../../lib/wait.ts";

/** Creates a function that waits until the next request may go: never more than so many a second, and no burst after a pause. */
export function createPace(
  requestsPerSecond: number,
  { clock, timers }: { readonly clock: Clock; readonly timers: Timers },
): (signal: AbortSignal) => Promise<void> {
  let nextAt = clock.now();
  return async (signal) => {
    const early = nextAt - clock.now();
    if (early > 0) await wait(early, timers, signal);
    nextAt = clock.now() + 1000 / requestsPerSecond;
  };
}
