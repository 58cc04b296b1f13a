import type { Timestamp } from "../../../lib/clock.ts";
import type { Rank } from "../pace/lane.ts";

/** Step is one call that would make a message true. It is planned anew when its turn comes, so that what is sent is never old. */
export type Step = {
  /** The same for as long as the same has to be done: `edit:run:R1/card`. */
  readonly id: string;
  /** The lane that paces it. */
  readonly lane: string;
  readonly rank: Rank;
  /** Among those of one rank the lowest goes first. */
  readonly order: number;
  readonly notBefore: Timestamp;
  /** Makes the call and remembers what came of it; throws what the Web API client throws, or the store. */
  readonly carryOut: () => Promise<void>;
};

/** Plan is what has to be done for a subject; nothing, and all its messages are true until `againAt`. */
export type Plan = { readonly steps: readonly Step[]; readonly againAt: Timestamp | undefined };

/** Nothing has to be done. */
export const TRUE_ALREADY: Plan = { steps: [], againAt: undefined };
