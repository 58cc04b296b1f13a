import type { Timestamp } from "../lib/clock.ts";
import type { NativeSample } from "./collector.ts";

/** Vault's default width of a bucket (`lease_metrics_epsilon`), in milliseconds. */
const HOUR_MS = 3_600_000;

/** A time as Go prints it: `2026-08-21 15:00:00 +0000 UTC`. */
const GO_TIME = /^(?<date>\d{4}-\d\d-\d\d) (?<time>\d\d:\d\d:\d\d)(?:[.]\d+)? (?<hours>[+-]\d\d)(?<minutes>\d\d)/u;

/** Leases whose expiry Vault rounded to the same moment. */
export type ExpiryBucket = { readonly at: Timestamp; readonly leases: number };

/** Reads the samples of `expire_leases_by_expiration`; one whose label is no time is left out. */
export function expiryBuckets(samples: readonly NativeSample[]): readonly ExpiryBucket[] {
  return samples.flatMap(({ labels, value }) => {
    const time = GO_TIME.exec(labels["expiring"] ?? "")?.groups;
    const at = time && Date.parse(`${time["date"]}T${time["time"]}${time["hours"]}:${time["minutes"]}`);
    return at === undefined || Number.isNaN(at) ? [] : [{ at, leases: value }];
  });
}

/**
 * Counts the leases that expire within so many milliseconds, at most: a bucket reaches half its width to both sides of its time, and one that the time
 * asked for touches counts whole. A bucket that is over says nothing: Vault repeats its last number until it forgets the series.
 */
export function expiringWithin(buckets: readonly ExpiryBucket[], now: Timestamp, withinMs: number): number {
  const half = widthMs(buckets) / 2;
  const touched = buckets.filter(({ at }) => at + half > now && at - half < now + withinMs);
  return touched.reduce((sum, { leases }) => sum + leases, 0);
}

/** No answer tells how wide the buckets are. They are no wider than the smallest gap between two; an hour unless that is less. */
function widthMs(buckets: readonly ExpiryBucket[]): number {
  const times = [...new Set(buckets.map(({ at }) => at))].sort((left, right) => left - right);
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? at));
  return Math.min(HOUR_MS, ...gaps);
}
