import type { Timestamp } from "../../lib/clock.ts";
import type { MountCount, Walk } from "./walk-leases.ts";

/** What is known of one mount after several walks. */
export type MountTally = {
  /** The last whole count, or what a later walk had found before it ended, when that was already more. */
  readonly leases: number;
  /** The last whole count; undefined when there was none. */
  readonly counted: { readonly leases: number; readonly at: Timestamp } | undefined;
  /** Between the last two whole counts; undefined before the second. */
  readonly growthPerSecond: number | undefined;
};

/** What is known after several walks, by mount. */
export type Tally = ReadonlyMap<string, MountTally>;

/**
 * Adds a walk to what is known. A walk that ended early never makes a number smaller: a mount that it did not finish keeps its last whole
 * count, unless more leases were found already. Mounts that are gone are dropped.
 */
export function addWalk(tally: Tally, { mounts }: Pick<Walk, "mounts">): Tally {
  const known = [...mounts].flatMap(([mount, count]) => {
    const added = addCount(tally.get(mount), count);
    return added === undefined ? [] : [[mount, added] as const];
  });
  return new Map(known);
}

function addCount(before: MountTally | undefined, { leases, wholeAt }: MountCount): MountTally | undefined {
  if (wholeAt !== undefined) {
    const counted = { leases, at: wholeAt };
    return { leases, counted, growthPerSecond: growthPerSecond(before?.counted, counted) };
  }
  if (before !== undefined) return { ...before, leases: Math.max(before.leases, leases) };
  return leases === 0 ? undefined : { leases, counted: undefined, growthPerSecond: undefined };
}

function growthPerSecond(before: MountTally["counted"], now: NonNullable<MountTally["counted"]>): number | undefined {
  if (before === undefined || now.at <= before.at) return undefined;
  return ((now.leases - before.leases) * 1000) / (now.at - before.at);
}
