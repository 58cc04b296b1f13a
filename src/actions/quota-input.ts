import { z } from "zod";
import type { VaultNode } from "../vault/cluster.ts";
import { rateLimitQuota, rateLimitQuotas, type RateLimitQuota } from "../vault/endpoints/sys-quotas.ts";
import type { ActionContext } from "./action.ts";
import { ifThere } from "./if-there.ts";
import { nodeRead } from "./node-read.ts";

/** Vault's own rule for names; without it a name like `..` would be another path. */
export const QuotaName = z.string().regex(/^\w(?:[\w.-]*\w)?$/u, "the name of a quota");

/** What the token for reading must permit to find a quota. */
export const QUOTA_POLICY = [
  { path: "sys/quotas/rate-limit/", capabilities: ["list"] },
  { path: "sys/quotas/rate-limit/*", capabilities: ["read"] },
] as const;

/**
 * Finds a rate-limit quota by its name; undefined when the list of all does not have it, which a 404 for the name alone would not prove: a
 * path that is not there is one too.
 */
export async function readQuota(
  context: ActionContext,
  active: VaultNode,
  name: string,
): Promise<RateLimitQuota | undefined> {
  const names = await active.read(rateLimitQuotas, nodeRead(context));
  return names.includes(name) ? await ifThere(active.read(rateLimitQuota(name), nodeRead(context))) : undefined;
}

/** Says a quota in words. */
export function describeQuota({ rate, intervalSeconds, path }: RateLimitQuota): string {
  const where = path === "" ? "on every path of the cluster" : `on ${path}`;
  return `${rate} requests every ${intervalSeconds} s ${where}`;
}

/** Tells whether two quotas let the same through. Vault puts a slash at the end of a mount, and takes one off from any other path. */
export function isSameQuota(left: RateLimitQuota, right: RateLimitQuota): boolean {
  return (
    left.rate === right.rate && left.intervalSeconds === right.intervalSeconds && bare(left.path) === bare(right.path)
  );
}

/** A quota as a precondition's value. */
export function quotaValue(quota: RateLimitQuota | undefined) {
  if (quota === undefined) return null;
  return { rate: quota.rate, interval_seconds: quota.intervalSeconds, path: quota.path };
}

function bare(path: string): string {
  return path.replaceAll(/^\/+|\/+$/gu, "");
}
