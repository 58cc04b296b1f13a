/** Why a sample of a node's page is not on ours. */
export const DROP_REASONS = [
  "boot",
  "duplicate",
  "excluded",
  "invalid",
  "name-conflict",
  "nan",
  "out-of-order",
  "stale",
  "type-conflict",
  "underflow",
] as const;

/** One of `DROP_REASONS`. */
export type DropReason = (typeof DROP_REASONS)[number];

/** Tally counts what came of a page's samples: those on our page, and those left out, by reason. Their sum is all that the page had. */
export type Tally = { samples: number; readonly dropped: Record<DropReason, number> };

/** Creates a tally of nothing yet. */
export function createTally(): Tally {
  const none = DROP_REASONS.map((reason) => [reason, 0] as const);
  return { samples: 0, dropped: Object.fromEntries(none) as Tally["dropped"] };
}
