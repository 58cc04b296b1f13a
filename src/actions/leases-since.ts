import { z } from "zod";
import type { Timestamp } from "../lib/clock.ts";
import type { VaultNode } from "../vault/cluster.ts";
import { leaseById } from "../vault/endpoints/lease-by-id.ts";
import type { ActionContext } from "./action.ts";
import { readClockAhead } from "./clock-ahead.ts";
import { ifThere } from "./if-there.ts";
import { nodeRead } from "./node-read.ts";

/** What the token for reading must permit to look leases up. */
export const LEASES_SINCE_POLICY = [{ path: "sys/leases/lookup", capabilities: ["update"] }] as const;

/** The clocks are compared to half a second, and requests take their way: what was made this close to the moment counts as older. */
const DOUBT_MS = 2000;

const Time = z.coerce.date().transform((time) => time.getTime());

/** Leases that were looked up, told apart by a moment; those that are gone are neither. */
export type LeasesSince = { readonly older: number; readonly newer: number };

/**
 * Looks leases up on the active node, one after the other, and tells how many were surely made after a moment of our clock. One that does not
 * tell when it was made is an older one.
 */
export async function readLeasesSince(
  context: ActionContext,
  active: VaultNode,
  { ids, since }: { readonly ids: readonly string[]; readonly since: Timestamp },
): Promise<LeasesSince> {
  const after = since + (await readClockAhead(context, active)) + DOUBT_MS;
  let older = 0;
  let newer = 0;
  for (const id of ids) {
    const lease = await ifThere(active.read(leaseById(id), nodeRead(context)));
    if (lease === undefined) continue;
    if ((Time.safeParse(lease.issued).data ?? 0) > after) newer++;
    else older++;
  }
  return { older, newer };
}
