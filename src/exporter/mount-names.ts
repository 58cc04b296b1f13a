import { sysAuthMethods } from "../vault/endpoints/sys-auth-methods.ts";
import { sysMounts } from "../vault/endpoints/sys-mounts.ts";
import type { VaultNode } from "../vault/cluster.ts";
import { callBudget } from "./call-budget.ts";
import type { CollectContext } from "./collector.ts";
import { orNoted } from "./or-noted.ts";

/** Every read is audited, and mounts hardly ever change: a mount that was moved has its old name for so long at most, in milliseconds. */
export const MOUNT_NAMES_MAX_AGE_MS = 600_000;

const SHARE = 0.25;

/** Gives the mount of each accessor: `database/`, `auth/userpass/`, or nothing when no mount has it. */
export type MountNames = (
  context: CollectContext,
  node: VaultNode,
  accessors: readonly string[],
) => Promise<ReadonlyMap<string, string>>;

type Known = { readonly readAt: number; readonly names: ReadonlyMap<string, string> };

/**
 * Creates a memory of mount names, by cluster. An accessor that was never looked for is looked for at once; even with none to name the mounts are
 * read now and then, so that a missing permission shows before the night of the first name. A table that cannot be read is noted and costs only its
 * own names.
 */
export function createMountNames(): MountNames {
  const known = new Map<string, Known>();
  return async (context, node, accessors) => {
    const { cluster, clock } = context;
    const held = known.get(cluster.name);
    const young = held !== undefined && clock.now() - held.readAt < MOUNT_NAMES_MAX_AGE_MS;
    const names = held?.names ?? new Map<string, string>();
    if (young && accessors.every((accessor) => names.has(accessor))) return names;
    const tables = await readTables(context, node);
    const found = tables.flatMap((table) => table ?? []).map(({ accessor, path }) => [accessor, path] as const);
    if (tables.includes(undefined)) return new Map([...names, ...found]);
    // An accessor that is nowhere is remembered too, or every scrape would look for it again.
    const all = new Map([...accessors.map((accessor) => [accessor, ""] as const), ...found]);
    known.set(cluster.name, { readAt: clock.now(), names: all });
    return all;
  };
}

async function readTables(context: CollectContext, node: VaultNode) {
  const call = callBudget(context, SHARE);
  return await Promise.all([
    orNoted(context, node.read(sysMounts, call)),
    orNoted(context, node.read(sysAuthMethods, call)),
  ]);
}
