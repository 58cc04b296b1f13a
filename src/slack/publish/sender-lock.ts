import type { Clock, Timers, Timestamp } from "../../lib/clock.ts";
import { toFailure } from "../../lib/failure.ts";
import { holdLock, type KeptLock } from "../../lib/hold-lock.ts";
import type { Logger } from "../../lib/logger.ts";
import type { TimedLock } from "../../lib/timed-lock.ts";
import { wait } from "../../lib/wait.ts";

/** The lock of the one replica that sends. */
const NAME = "slack-sender";
/** After this long without a sign another replica sends. */
const TTL_MS = 5000;
/** How often a replica that does not send asks whether it may. */
const ASK_MS = 1000;

/** A time during which this replica sends: `signal` ends it, `isOurs` also says no while nobody can tell. */
export type Term = { readonly signal: AbortSignal; readonly isOurs: () => boolean };

/** What holding the lock again and again needs. */
export type SenderLockOptions = {
  readonly lock: TimedLock;
  /** Works for a term; must end soon after its signal. */
  readonly serve: (term: Term) => Promise<void>;
  /** Hears each time that another replica holds the lock. */
  readonly onOther: () => void;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly signal: AbortSignal;
  readonly logger: Logger;
};

/** Serves term after term until the signal ends; then the lock is given back at once. */
export async function serveTerms(options: SenderLockOptions): Promise<void> {
  const { signal, timers, serve, onOther } = options;
  while (!signal.aborted) {
    const watched = watchTime(options.lock);
    const kept = await tryToHold(options, watched.lock);
    if (kept === undefined) {
      onOther();
      await wait(ASK_MS, timers, signal);
      continue;
    }
    const isOurs = (): boolean => !kept.lost.aborted && options.clock.now() < watched.until();
    const term: Term = { signal: AbortSignal.any([kept.lost, signal]), isOurs };
    const isWhole = await tried(options, serve(term));
    await giveBack(options, kept);
    // One that breaks at once must not begin again at once.
    if (!isWhole) await wait(ASK_MS, timers, signal);
  }
}

async function tried({ logger }: SenderLockOptions, term: Promise<void>): Promise<boolean> {
  try {
    await term;
    return true;
  } catch (error) {
    logger.error("sending to slack broke; beginning again", { error: toFailure(error).message });
    return false;
  }
}

async function tryToHold({ clock, timers, logger }: SenderLockOptions, lock: TimedLock): Promise<KeptLock | undefined> {
  try {
    return await holdLock({ lock, name: NAME, clock, timers, ttlMs: TTL_MS });
  } catch (error) {
    logger.warn("cannot ask who sends to slack; trying again", { error: toFailure(error).message });
    return undefined;
  }
}

async function giveBack({ logger }: SenderLockOptions, kept: KeptLock): Promise<void> {
  try {
    await kept.release();
  } catch (error) {
    logger.warn("cannot give back the lock of slack's sender; another replica waits", {
      error: toFailure(error).message,
    });
  }
}

/** Knows until when the lock is ours for certain: a process that was stopped for a while reads its clock before any message arrives. */
function watchTime(lock: TimedLock): { readonly lock: TimedLock; readonly until: () => Timestamp } {
  let until: Timestamp = 0;
  return {
    until: () => until,
    lock: {
      release: lock.release,
      acquire: async (name, time) => {
        const hold = await lock.acquire(name, time);
        if (hold !== undefined) until = time.at + time.ttlMs;
        return hold;
      },
      renew: async (hold, time) => {
        const held = await lock.renew(hold, time);
        if (held) until = time.at + time.ttlMs;
        return held;
      },
    },
  };
}
