import type { Clock, Timers } from "./clock.ts";
import type { LockHold, TimedLock } from "./timed-lock.ts";

/** After this long without a sign another replica takes over, in milliseconds, unless the holder says otherwise. */
export const LOCK_TTL_MS = 60_000;

/** What holding a lock takes. */
export type HoldOptions = {
  readonly lock: TimedLock;
  readonly name: string;
  readonly clock: Clock;
  readonly timers: Timers;
  /** After this long without a sign another replica takes over, in milliseconds; default: `LOCK_TTL_MS`. */
  readonly ttlMs?: number;
};

/** A lock that is held and kept: its signal ends when another replica has it, or may have it by now. */
export type KeptLock = { readonly lost: AbortSignal; readonly release: () => Promise<void> };

/**
 * Takes a lock and renews it in time; undefined while another replica holds it. A process that was stopped for longer than the lock lives
 * finds that out with its next renewal, which is due at once when it goes on: at most what was under way is then done twice.
 */
export async function holdLock({
  lock,
  name,
  clock,
  timers,
  ttlMs = LOCK_TTL_MS,
}: HoldOptions): Promise<KeptLock | undefined> {
  const now = () => ({ at: clock.now(), ttlMs });
  const hold = await lock.acquire(name, now());
  if (hold === undefined) return undefined;
  const lost = new AbortController();
  let renewedAt = clock.now();
  let cancel = (): void => {};

  const renew = async (): Promise<void> => {
    const time = now();
    // A store that cannot be asked for a moment has not given the lock away yet.
    const held = await lock.renew(hold, time).catch(() => time.at - renewedAt < ttlMs && "unknown");
    if (held === true) renewedAt = time.at;
    if (held === false) lost.abort();
    else renewLater();
  };
  const renewLater = (): void => {
    if (!lost.signal.aborted) cancel = timers.after(ttlMs / 3, () => void renew());
  };
  renewLater();
  return { lost: lost.signal, release: async () => await release(hold) };

  async function release(held: LockHold): Promise<void> {
    cancel();
    lost.abort();
    await lock.release(held);
  }
}
