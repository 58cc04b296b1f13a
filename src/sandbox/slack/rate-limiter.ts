import type { Clock } from "../../lib/clock.ts";
import { RATES, type Rate } from "./limits.ts";

/** RateLimiter counts calls by method, and messages also by channel. */
export type RateLimiter = {
  /** Counts a call; gives how many seconds to wait when it is one too many, else undefined. */
  readonly count: (method: string, channel?: string) => number | undefined;
  /** Sets another rate for a method, with full buckets. */
  readonly tighten: (method: string, rate: Rate) => void;
};

type Bucket = { tokens: number; at: number };

const UNKNOWN: Rate = { perMinute: 20, burst: 20 };

/** Makes token buckets by `RATES`: one for each method, and for `chat.postMessage` one for each channel. */
export function createRateLimiter(clock: Clock): RateLimiter {
  const rates = new Map<string, Rate>(Object.entries(RATES));
  const buckets = new Map<string, Bucket>();
  return {
    count: (method, channel) => {
      const rate = rates.get(method) ?? UNKNOWN;
      const key = method === "chat.postMessage" ? `${method} ${channel}` : method;
      const bucket = buckets.get(key) ?? { tokens: rate.burst, at: clock.now() };
      buckets.set(key, bucket);
      return take(bucket, rate, clock.now());
    },
    tighten: (method, rate) => {
      rates.set(method, rate);
      for (const key of buckets.keys()) if (key === method || key.startsWith(`${method} `)) buckets.delete(key);
    },
  };
}

function take(bucket: Bucket, rate: Rate, now: number): number | undefined {
  bucket.tokens = Math.min(rate.burst, bucket.tokens + ((now - bucket.at) / 60_000) * rate.perMinute);
  bucket.at = now;
  if (bucket.tokens < 1) return Math.max(1, Math.ceil(((1 - bucket.tokens) * 60) / rate.perMinute));
  bucket.tokens -= 1;
  return undefined;
}
