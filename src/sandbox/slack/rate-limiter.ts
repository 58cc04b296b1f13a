import type { Clock } from "../../lib/clock.ts";
import { RATES, type Rate } from "./limits.ts";

/** RateLimiter counts calls by method. */
export type RateLimiter = {
  /** Counts a call; gives how many seconds to wait when it is one too many, else undefined. */
  readonly count: (method: string) => number | undefined;
  /** Sets another rate for a method, with a full bucket. */
  readonly tighten: (method: string, rate: Rate) => void;
};

type Bucket = { readonly rate: Rate; tokens: number; at: number };

/** Makes a token bucket for each method, by `RATES`. */
export function createRateLimiter(clock: Clock): RateLimiter {
  const buckets = new Map<string, Bucket>();
  const fill = (rate: Rate): Bucket => ({ rate, tokens: rate.burst, at: clock.now() });
  return {
    count: (method) => {
      const bucket = buckets.get(method) ?? fill(RATES[method] ?? { perMinute: 20, burst: 20 });
      buckets.set(method, bucket);
      const now = clock.now();
      bucket.tokens = Math.min(bucket.rate.burst, bucket.tokens + ((now - bucket.at) / 60_000) * bucket.rate.perMinute);
      bucket.at = now;
      if (bucket.tokens < 1) return Math.max(1, Math.ceil(((1 - bucket.tokens) * 60) / bucket.rate.perMinute));
      bucket.tokens -= 1;
      return undefined;
    },
    tighten: (method, rate) => {
      buckets.set(method, fill(rate));
    },
  };
}
