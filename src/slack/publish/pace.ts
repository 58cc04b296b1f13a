import type { Clock } from "../../lib/clock.ts";
import type { Delay } from "../delay.ts";

/** Pace keeps calls below a rate; urgent ones go before the others. */
export type Pace = {
  /** Resolves when the call may be made. */
  readonly take: (urgent: boolean) => Promise<void>;
};

/** What a pace is made of: `burst` calls at once, then `perMinute`. */
export type PaceOptions = {
  readonly perMinute: number;
  readonly burst: number;
  readonly clock: Clock;
  readonly delay: Delay;
  readonly signal: AbortSignal;
};

/** Makes a token bucket with two queues. */
export function createPace({ perMinute, burst, clock, delay, signal }: PaceOptions): Pace {
  const urgentQueue: (() => void)[] = [];
  const queue: (() => void)[] = [];
  let tokens = burst;
  let at = clock.now();
  let pumping = false;

  const refill = (): void => {
    const now = clock.now();
    tokens = Math.min(burst, tokens + ((now - at) / 60_000) * perMinute);
    at = now;
  };

  const pump = async (): Promise<void> => {
    while (urgentQueue.length + queue.length > 0) {
      refill();
      if (tokens < 1 && !signal.aborted) {
        await delay(Math.ceil(((1 - tokens) * 60_000) / perMinute), signal);
        continue;
      }
      tokens -= 1;
      (urgentQueue.shift() ?? queue.shift())?.();
    }
    pumping = false;
  };

  return {
    take: async (urgent) => {
      const turn = new Promise<void>((resolve) => (urgent ? urgentQueue : queue).push(resolve));
      if (!pumping) {
        pumping = true;
        void pump();
      }
      await turn;
    },
  };
}
