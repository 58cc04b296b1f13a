import type { Clock, Timestamp } from "../lib/clock.ts";
import { toFailure, type Failure } from "../lib/failure.ts";

/** An answer that is young enough to go by, or since when there has been none and why. */
export type Fresh<T> =
  | { readonly told: true; readonly value: T }
  | { readonly told: false; readonly since: Timestamp; readonly failure: Failure };

/** FreshReads reads by key. It never gives an answer that was asked for longer ago than `maxAgeMs`. */
export type FreshReads<T> = (key: string) => Promise<Fresh<T>>;

/** What FreshReads is made of; all times are milliseconds. */
export type FreshReadsOptions<T> = {
  readonly read: (key: string) => Promise<T>;
  readonly clock: Clock;
  /** Milliseconds since any moment, which nobody can set. It may stand still while the machine sleeps; the other clock does not. */
  readonly steady: Clock;
  /** An answer younger than this is given without asking again. */
  readonly refreshMs: number;
  /** While asking fails, the last answer is given until it is this old. */
  readonly maxAgeMs: number;
  /** After a failure nobody asks for so long. */
  readonly pauseMs: number;
  /** Hears of the first failure after an answer, and of no other. */
  readonly onFailure?: (key: string, failure: Failure) => void;
};

/** One moment by both clocks. */
type Moment = { readonly wall: Timestamp; readonly steady: number };

type Entry<T> = {
  /** `at` is when it was asked for, not when the answer came: it may be as old as that. */
  held?: { readonly value: T; readonly at: Moment } | undefined;
  failing?: { readonly since: Timestamp; readonly triedAt: Moment; readonly failure: Failure } | undefined;
  reading?: Promise<void> | undefined;
};

/** Keys come from people's clicks, and nobody bounds those. */
const MOST_ENTRIES = 1000;

/** Makes a cache that fails closed: one question at a time for each key, and no answer rather than an old one. */
export function createFreshReads<T>(options: FreshReadsOptions<T>): FreshReads<T> {
  const { clock, steady, refreshMs, maxAgeMs, pauseMs } = options;
  const entries = new Map<string, Entry<T>>();
  const within = (at: Moment | undefined, limitMs: number): boolean => {
    if (at === undefined) return false;
    const ages = [clock.now() - at.wall, steady.now() - at.steady];
    // A clock that was set back makes an age negative.
    return ages.every((age) => age >= 0 && age <= limitMs);
  };
  return async (key) => {
    const entry = entryOf(entries, key);
    const isDue = !within(entry.held?.at, refreshMs) && !within(entry.failing?.triedAt, pauseMs);
    if (isDue) entry.reading ??= readInto(entry, key, options).finally(() => (entry.reading = undefined));
    await entry.reading;
    const { held, failing } = entry;
    if (held !== undefined && within(held.at, maxAgeMs)) return { told: true, value: held.value };
    return { told: false, since: failing?.since ?? clock.now(), failure: failing?.failure ?? TOO_SLOW };
  };
}

/** The only way to have neither a failure nor a young answer. */
const TOO_SLOW: Failure = { reason: "timeout", retryable: true, message: "the answer was too old when it came" };

async function readInto<T>(entry: Entry<T>, key: string, options: FreshReadsOptions<T>): Promise<void> {
  const at = momentOf(options);
  try {
    entry.held = { value: await options.read(key), at };
    entry.failing = undefined;
  } catch (error) {
    const failure = toFailure(error);
    if (entry.failing === undefined) options.onFailure?.(key, failure);
    entry.failing = { since: entry.failing?.since ?? at.wall, triedAt: momentOf(options), failure };
  }
}

function momentOf({ clock, steady }: Pick<FreshReadsOptions<unknown>, "clock" | "steady">): Moment {
  return { wall: clock.now(), steady: steady.now() };
}

function entryOf<T>(entries: Map<string, Entry<T>>, key: string): Entry<T> {
  const entry = entries.get(key) ?? {};
  // The one that was asked for longest ago stands first.
  entries.delete(key);
  entries.set(key, entry);
  const [oldest] = entries.keys();
  if (entries.size > MOST_ENTRIES && oldest !== undefined) entries.delete(oldest);
  return entry;
}
