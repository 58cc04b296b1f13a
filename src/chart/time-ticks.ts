import type { Timestamp } from "../lib/clock.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Distances that people count in. */
const STEPS = [
  1000,
  2000,
  5000,
  10_000,
  15_000,
  30_000,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
  14 * DAY,
  28 * DAY,
] as const;
const MOST_TICKS = 6;

/** Moments to label between two times, at round times in UTC, and how to write one of them. */
export type TimeTicks = { readonly values: readonly Timestamp[]; readonly write: (at: Timestamp) => string };

/** Chooses at most seven round moments in UTC. */
export function timeTicks(from: Timestamp, to: Timestamp): TimeTicks {
  const wanted = (to - from) / MOST_TICKS;
  const step = STEPS.find((each) => each >= wanted) ?? Math.ceil(wanted / DAY) * DAY;
  const first = Math.ceil(from / step) * step;
  const count = Math.max(0, Math.min(MOST_TICKS + 1, Math.floor((to - first) / step) + 1));
  const values = Array.from({ length: count }, (_, index) => first + index * step);
  return { values, write: (at) => writeTick(at, step) };
}

/** Writes the day, or both days, of a range: `22 Nov 2026, UTC`. */
export function writeDate(from: Timestamp, to: Timestamp): string {
  const first = day(from);
  const last = day(to);
  return first === last ? `${first}, UTC` : `${first} – ${last}, UTC`;
}

function writeTick(at: Timestamp, step: number): string {
  if (step >= DAY) return part(at, { day: "numeric", month: "short" });
  const time = part(at, { hour: "2-digit", minute: "2-digit", ...(step < MINUTE ? { second: "2-digit" } : {}) });
  return time === "00:00" ? part(at, { day: "numeric", month: "short" }) : time;
}

function day(at: Timestamp): string {
  return part(at, { day: "numeric", month: "short", year: "numeric" });
}

function part(at: Timestamp, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat("en-GB", { ...options, timeZone: "UTC", hourCycle: "h23" }).format(at);
}
