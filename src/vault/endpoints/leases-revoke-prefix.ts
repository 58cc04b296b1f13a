import type { CallOptions, VaultTransport } from "../transport.ts";
import { leasePath } from "./leases-lookup.ts";

/**
 * OpenBao 2.7.2 writes every lease anew before it answers, some 80 a second on a slow disk, and goes on when nobody waits any more. Beyond its
 * own limit for a request (90 s) there is no answer to wait for: only the list of the leases tells.
 */
const QUEUE_MS = 90_000;

/**
 * Sends `PUT sys/leases/revoke-prefix/<prefix>` (token, `update` and `sudo`) with `sync: false`, always: without it Vault revokes one lease
 * after the other in this very request and stops at the first failure. Answers 202 and revokes in the background. A slash at the end of
 * the prefix is left out, because OpenBao refuses it; the leases are those below the prefix all the same.
 */
export async function revokePrefix(
  transport: VaultTransport,
  prefix: string,
  options: CallOptions = {},
): Promise<void> {
  const path = `sys/leases/revoke-prefix/${leasePath(prefix.replace(/\/+$/u, ""))}`;
  const request = { timeoutMs: QUEUE_MS, ...options, method: "PUT", path, body: { sync: false } } as const;
  await transport.request({ ...request, token: "operate" });
}
