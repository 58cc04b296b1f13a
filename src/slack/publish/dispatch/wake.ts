import type { Timers } from "../../../lib/clock.ts";
import type { Delay } from "../../delay.ts";

/** Wake lets a loop sleep until something happens. */
export type Wake = {
  readonly ring: () => void;
  /**
   * Sleeps until it rings, or for so long: `dueMs` until there is something to do (undefined: nothing is foreseen), `pollMs` until the loop
   * looks around anyway. A ring while nobody sleeps ends the next sleep at once.
   */
  readonly sleep: (pollMs: number, dueMs: number | undefined) => Promise<void>;
};

/** Makes a wake that nobody rang. */
export function createWake(delay: Delay, timers: Timers): Wake {
  let rung = false;
  let wakeUp = (): void => {};
  return {
    ring: () => {
      rung = true;
      wakeUp();
    },
    sleep: async (pollMs, dueMs) => {
      if (!rung) {
        const { promise, resolve } = Promise.withResolvers<void>();
        const over = new AbortController();
        wakeUp = resolve;
        const cancel = timers.after(pollMs, resolve);
        if (dueMs !== undefined) void delay(dueMs, over.signal).then(resolve);
        await promise;
        over.abort();
        cancel();
      }
      rung = false;
    },
  };
}
