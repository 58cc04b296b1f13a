import { FailureError } from "../lib/failure.ts";
import type { VaultNode } from "../vault/cluster.ts";
import { leasesLookup } from "../vault/endpoints/leases-lookup.ts";
import type { ActionContext } from "./action.ts";
import { ifThere } from "./if-there.ts";
import { readLeaseList, type LeaseList } from "./lease-list.ts";
import { nodeRead } from "./node-read.ts";

/**
 * Lists what lies right below a prefix of leases, on the active node. Vault has no empty lists: its 404 is one without names. Undefined for
 * a list that does not come in the time of a read, which is one of too many leases.
 */
export async function readLeaseLevel(
  context: ActionContext,
  active: VaultNode,
  prefix: string,
): Promise<LeaseList | undefined> {
  try {
    const stream = await ifThere(active.stream(leasesLookup(prefix), nodeRead(context)));
    return stream === undefined ? { names: [], more: false } : await readLeaseList(stream.body, active.name);
  } catch (error) {
    if (context.signal.aborted || !(error instanceof FailureError) || error.reason !== "timeout") throw error;
    return undefined;
  }
}
