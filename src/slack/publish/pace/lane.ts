import type { Timestamp } from "../../../lib/clock.ts";

/** How much a call matters: 0 gates and their closings, 1 cards, 2 the rest of a thread, 3 Home. */
export type Rank = 0 | 1 | 2 | 3;

/** Lane paces the calls of one method (for posts: in one channel), and keeps some room for those that matter most. */
export type Lane = {
  /** When a call of a rank may be made: now, or later. */
  readonly freeAt: (rank: Rank, now: Timestamp) => Timestamp;
  /** Takes a place; gives the function that gives it back when no call was made. */
  readonly take: (now: Timestamp) => () => void;
  /** Slack said 429: no call before a time. */
  readonly block: (until: Timestamp) => void;
};
