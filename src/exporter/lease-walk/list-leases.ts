import { FailureError } from "../../lib/failure.ts";
import type { VaultNode } from "../../vault/cluster.ts";
import { leasesLookup } from "../../vault/endpoints/leases-lookup.ts";
import type { LeaseList } from "./key-counter.ts";
import { scanKeys } from "./scan-keys.ts";

/** Vault gives up a request after 90 s; a list that takes this long is no list to ask for again. */
const LIST_MS = 60_000;

const NOTHING: LeaseList = { leases: 0, prefixes: [], prefixCount: 0 };

/** How many prefixes may be held of one list, and when it is no longer wanted. */
export type ListOptions = { readonly maxPrefixes: number; readonly signal: AbortSignal };

/** Lists one level of a node's leases. Vault has no empty lists: the answer that there is nothing (404) is one. */
export async function listLeases(
  node: VaultNode,
  prefix: string,
  { maxPrefixes, signal }: ListOptions,
): Promise<LeaseList> {
  const endpoint = leasesLookup(prefix);
  try {
    const { body } = await node.stream(endpoint, { signal, timeoutMs: LIST_MS });
    return await scanKeys(body, { maxPrefixes, what: `${endpoint.path} on ${node.name}` });
  } catch (error) {
    if (error instanceof FailureError && error.reason === "not-found") return NOTHING;
    throw error;
  }
}
