import type { Timestamp } from "../../lib/clock.ts";

/** LoginPace says when the next login may be: a cluster in trouble must not get a storm of them. */
export type LoginPace = {
  readonly notBefore: (now: Timestamp) => Timestamp;
  /** Hears that a login begins now. */
  readonly begin: (now: Timestamp) => void;
};

const FIRST_WAIT_MS = 2000;
const LONGEST_WAIT_MS = 30_000;

/** Logins so far apart have nothing to do with each other. It is longer than the longest wait, so failures never look like that. */
const APART_MS = 60_000;

/**
 * Creates a pace without logins so far: the first may be at once; after each there is a wait that doubles up to 30 s while they follow
 * upon each other, whether they failed or their tokens were revoked. `random` gives 0 to 1: several exporters spread by it.
 */
export function createLoginPace(random: () => number): LoginPace {
  let last = -Infinity;
  let inARow = 0;
  let notBefore = 0;
  return {
    // Before the last login began: the clock was set back, and what was planned by it may be hours away.
    notBefore: (now) => (now < last ? now : notBefore),
    begin: (now) => {
      inARow = now - last >= APART_MS ? 1 : inARow + 1;
      last = now;
      const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (inARow - 1));
      notBefore = now + wait * (0.5 + 0.5 * random());
    },
  };
}
