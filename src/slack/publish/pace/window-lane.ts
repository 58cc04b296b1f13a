import type { Timestamp } from "../../../lib/clock.ts";
import type { Lane } from "./lane.ts";

/** At most `most` calls in any `windowMs`; the last `reserve` of them are for rank 0. */
export type WindowLane = { readonly most: number; readonly reserve: number; readonly windowMs: number };

/** Makes a lane that never lets more through than so many in any stretch of time. */
export function windowLane({ most, reserve, windowMs }: WindowLane): Lane {
  let taken: readonly Timestamp[] = [];
  let blockedUntil = 0;
  return {
    freeAt: (rank, now) => {
      taken = taken.filter((at) => at > now - windowMs);
      const room = rank === 0 ? most : most - reserve;
      const leaves = taken[taken.length - room];
      return Math.max(blockedUntil, leaves === undefined ? now : leaves + windowMs);
    },
    take: (now) => {
      taken = [...taken, now];
      return () => {
        const index = taken.indexOf(now);
        taken = taken.filter((_at, position) => position !== index);
      };
    },
    block: (until) => void (blockedUntil = Math.max(blockedUntil, until)),
  };
}
