import type { Timestamp } from "../../../lib/clock.ts";
import type { Lane } from "./lane.ts";

/** A bucket of `burst` places that fills by `perSecond`; the last `reserve` are for rank 0. */
export type BucketLane = { readonly perSecond: number; readonly burst: number; readonly reserve: number };

/** Makes a lane that lets a short burst through and then a steady stream. */
export function bucketLane({ perSecond, burst, reserve }: BucketLane): Lane {
  let held = burst;
  let at: Timestamp | undefined;
  let blockedUntil = 0;
  const fill = (now: Timestamp): void => {
    held = Math.min(burst, held + (Math.max(0, now - (at ?? now)) / 1000) * perSecond);
    at = now;
  };
  return {
    freeAt: (rank, now) => {
      fill(now);
      const missing = (rank === 0 ? 1 : 1 + reserve) - held;
      return Math.max(blockedUntil, missing <= 0 ? now : now + Math.ceil((missing * 1000) / perSecond));
    },
    take: (now) => {
      fill(now);
      held -= 1;
      return () => void (held += 1);
    },
    block: (until) => void (blockedUntil = Math.max(blockedUntil, until)),
  };
}
