import type { VaultNode } from "../vault/cluster.ts";
import type { ActionContext } from "./action.ts";
import { readLeaseLevel } from "./lease-level.ts";

/** What the token for reading must permit to list leases. */
export const LEASES_BELOW_POLICY = [{ path: "sys/leases/lookup/*", capabilities: ["list", "sudo"] }] as const;

/** One list walks every lease below its prefix in storage: a role has one level or two. */
const MOST_LISTS = 20;
const SAMPLES = 3;

/** Of the last part of an id: enough to find it, and not the whole of what stands for a token. */
const SHOWN = 8;

/** The leases below a prefix, as far as they were counted. */
export type LeasesBelow = {
  readonly count: number;
  /** There are more, or may be: the bound was met. */
  readonly more: boolean;
  /** Shortened ids of at most three. */
  readonly samples: readonly string[];
  /** As many as were wanted (by default the same three), in full: to be looked up, never to be shown. */
  readonly sampleIds: readonly string[];
};

type Bounds = { readonly prefix: string; readonly atMost: number; readonly samples?: number };

/**
 * Counts the leases below a prefix on the active node, level by level, until `atMost` were seen or 20 lists were read. Vault has no empty
 * lists: none is a 404.
 */
export async function readLeasesBelow(
  context: ActionContext,
  active: VaultNode,
  { prefix, atMost, samples = SAMPLES }: Bounds,
): Promise<LeasesBelow> {
  const open = [prefix];
  const sampleIds: string[] = [];
  let count = 0;
  let cut = false;
  for (let lists = 0; open.length > 0 && lists < MOST_LISTS && count < atMost; lists++) {
    const at = open.shift() ?? prefix;
    // A list that does not come is of too many leases, and the very case for which they are revoked: that it failed must not forbid it.
    const { names, more } = (await readLeaseLevel(context, active, at)) ?? { names: [], more: true };
    const ids = names.filter((name) => !name.endsWith("/"));
    count += ids.length;
    cut ||= more;
    sampleIds.push(...ids.slice(0, samples - sampleIds.length).map((id) => at + id));
    open.push(...names.filter((name) => name.endsWith("/")).map((name) => at + name));
  }
  const more = cut || open.length > 0 || count >= atMost;
  return { count, more, samples: sampleIds.slice(0, SAMPLES).map(shortened), sampleIds };
}

/** Says how many in words. */
export function describeCount({ count, more }: Pick<LeasesBelow, "count" | "more">): string {
  if (count === 0 && more) return "more leases than can be listed in 2 s";
  return `${more ? "at least " : ""}${count} lease${count === 1 ? "" : "s"}`;
}

/** Shortens the last part of a lease's id. */
export function shortened(id: string): string {
  const at = id.lastIndexOf("/") + 1;
  return id.length - at <= SHOWN ? id : `${id.slice(0, at + SHOWN)}…`;
}
