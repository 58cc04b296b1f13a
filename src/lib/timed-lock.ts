import type { Timestamp } from "./clock.ts";

/**
 * From when and for how long a lock is taken, in milliseconds. `at` is the caller's clock; where the store has one of its own (PostgreSQL), that one
 * judges and `at` is ignored.
 */
export type LockTime = { readonly at: Timestamp; readonly ttlMs: number };

/** A lock that was taken. Its epoch is higher than that of every holder before, so that one who was late can be told from it. */
export type LockHold = { readonly name: string; readonly epoch: number };

/**
 * TimedLock lets one of several replicas do what all of them could (the store implements it; contract suite: test/store/timed-lock.contract.ts).
 * Throws `FailureError` when the store cannot be asked: then nobody knows who holds it.
 */
export type TimedLock = {
  /** Takes the lock when nobody holds it or its time is over; undefined while another holds it. */
  readonly acquire: (name: string, time: LockTime) => Promise<LockHold | undefined>;
  /** Holds it for longer; false when another has taken it since. */
  readonly renew: (hold: LockHold, time: LockTime) => Promise<boolean>;
  /** Lets others take it at once; does nothing when another has it. */
  readonly release: (hold: LockHold) => Promise<void>;
};
