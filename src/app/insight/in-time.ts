import type { Timers } from "../../lib/clock.ts";
import { toFailure } from "../../lib/failure.ts";
import type { Logger } from "../../lib/logger.ts";

/** How long calls may take together, in milliseconds: then their signal ends, and what was found until then is the answer. */
export const LOOK_MS = 2500;

/** After this even a read that heeds no signal is given up: somebody waits for the answer, and three seconds are promised. */
const GIVE_UP_MS = 2900;

/** What keeps a read within its time, and tells of those that failed. */
export type InTime = { readonly timers: Timers; readonly logger: Logger };

/** Reads something, and gives `otherwise` when that throws or takes too long. */
export async function inTime<T>(
  read: (signal: AbortSignal) => Promise<T>,
  otherwise: T,
  { timers, logger }: InTime,
): Promise<T> {
  const ending = new AbortController();
  const { promise: late, resolve } = Promise.withResolvers<T>();
  const cancels = [timers.after(LOOK_MS, () => ending.abort()), timers.after(GIVE_UP_MS, () => resolve(otherwise))];
  try {
    return await Promise.race([read(ending.signal), late]);
  } catch (error) {
    logger.warn("cannot read what the bot shows", { why: toFailure(error).message });
    return otherwise;
  } finally {
    for (const cancel of cancels) cancel();
  }
}
