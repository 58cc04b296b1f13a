import type { CallOptions, VaultTransport } from "../transport.ts";
import type { RateLimitQuota } from "./sys-quotas.ts";

/** Sends `POST sys/quotas/rate-limit/:name` (token, `update`): makes the quota, or replaces the one of this name. A mount that does not exist is a 400. */
export async function setRateLimitQuota(
  transport: VaultTransport,
  name: string,
  { rate, intervalSeconds, path }: RateLimitQuota,
  options: CallOptions = {},
): Promise<void> {
  const body = { rate, interval: `${intervalSeconds}s`, path };
  await transport.request({ ...options, method: "POST", path: pathOf(name), body, token: "operate" });
}

/** Sends `DELETE sys/quotas/rate-limit/:name` (token, `delete`); answers 204 for a name that no quota has. */
export async function deleteRateLimitQuota(
  transport: VaultTransport,
  name: string,
  options: CallOptions = {},
): Promise<void> {
  await transport.request({ ...options, method: "DELETE", path: pathOf(name), token: "operate" });
}

function pathOf(name: string): string {
  return `sys/quotas/rate-limit/${encodeURIComponent(name)}`;
}
