import type { VaultNode } from "../vault/cluster.ts";
import type { ActionContext } from "./action.ts";
import { readLeaseLevel } from "./lease-level.ts";
import type { LeaseList } from "./lease-list.ts";

/** What one search may cost the active node: so many lists, one at a time, within so many milliseconds in all. */
const MOST_LISTS = 60;
const MOST_MS = 5000;

/** A list that takes this long is no list to follow with another, in milliseconds. */
const SLOW_LIST_MS = 1000;

/** A level with more prefixes than that is one culprit by itself: a prefix a user, a prefix a host. */
const MOST_PREFIXES = 30;

/** A prefix and how many leases lie right below it. */
export type LeaseCulprit = {
  readonly prefix: string;
  readonly leases: number;
  /** There are more, or may be: the list was cut off, did not come in time, or has prefixes that were not looked into. */
  readonly more: boolean;
};

/** What a search found: prefixes that hold leases, the largest first, and why it ended early (empty when it did not). */
export type LeaseSearch = {
  readonly culprits: readonly LeaseCulprit[];
  readonly lists: number;
  readonly ended: "" | "lists" | "time" | "slow";
};

/**
 * Searches for the prefix with the most leases, from the mounts down, level by level and one list at a time, and never below the level where
 * leases are. Storage walks every lease below a prefix for its list, so the search stops by itself: at 60 lists, after 5 s, and at once when a
 * list takes a second.
 */
export async function findLeaseCulprits(
  context: ActionContext,
  active: VaultNode,
  mounts: readonly string[],
): Promise<LeaseSearch> {
  const { clock } = context;
  const startedAt = clock.now();
  const open = [...mounts];
  const culprits: LeaseCulprit[] = [];
  for (let lists = 0; ; lists++) {
    const prefix = open.shift();
    if (prefix === undefined) return { culprits: culprits.toSorted(largestFirst), lists, ended: "" };
    const askedAt = clock.now();
    const list = await readLeaseLevel(context, active, prefix);
    culprits.push(...judge(prefix, list));
    if (!isWide(list)) open.push(...prefixesOf(list).map((name) => prefix + name));
    const ended = whyEnd({ lists: lists + 1, listMs: clock.now() - askedAt, allMs: clock.now() - startedAt });
    if (ended !== "" && open.length > 0) return { culprits: culprits.toSorted(largestFirst), lists: lists + 1, ended };
  }
}

type Cost = { readonly lists: number; readonly listMs: number; readonly allMs: number };

function whyEnd({ lists, listMs, allMs }: Cost): LeaseSearch["ended"] {
  if (listMs >= SLOW_LIST_MS) return "slow";
  if (allMs >= MOST_MS) return "time";
  return lists >= MOST_LISTS ? "lists" : "";
}

function judge(prefix: string, list: LeaseList | undefined): readonly LeaseCulprit[] {
  // The culprit, in all likelihood.
  if (list === undefined) return [{ prefix, leases: 0, more: true }];
  const prefixes = prefixesOf(list).length;
  const leases = list.names.length - prefixes;
  // Each of the prefixes holds a lease at least: Vault has no empty ones.
  if (isWide(list)) return [{ prefix, leases: leases + prefixes, more: true }];
  return leases === 0 ? [] : [{ prefix, leases, more: list.more }];
}

function prefixesOf(list: LeaseList | undefined): readonly string[] {
  return list?.names.filter((name) => name.endsWith("/")) ?? [];
}

function isWide(list: LeaseList | undefined): boolean {
  return prefixesOf(list).length > MOST_PREFIXES;
}

/** One that could not even be listed comes before all that could. */
function largestFirst(left: LeaseCulprit, right: LeaseCulprit): number {
  return sizeOf(right) - sizeOf(left);
}

function sizeOf({ leases, more }: LeaseCulprit): number {
  return leases === 0 && more ? Infinity : leases;
}
