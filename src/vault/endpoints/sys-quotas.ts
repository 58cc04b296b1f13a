import { z } from "zod";
import type { Endpoint } from "../endpoint.ts";

/** RateLimitQuota is how many requests are let through in each interval; the rest is answered with 429. */
export type RateLimitQuota = {
  readonly rate: number;
  readonly intervalSeconds: number;
  /** The namespace, mount or path that it limits; empty: the whole server. */
  readonly path: string;
};

/** `GET sys/quotas/rate-limit?list=true` (token, `list`): the names of the rate-limit quotas; 404 without words when there are none. */
export const rateLimitQuotas: Endpoint<readonly string[]> = {
  path: "sys/quotas/rate-limit",
  query: { list: "true" },
  token: "read",
  accept: [404],
  answer: z.union([
    z.object({ data: z.object({ keys: z.array(z.string()) }) }).transform(({ data }) => data.keys),
    z.object({ errors: z.array(z.never()).max(0) }).transform(() => []),
  ]),
};

/** `GET sys/quotas/rate-limit/:name` (token, `read`): one quota by its name. */
export function rateLimitQuota(name: string): Endpoint<RateLimitQuota> {
  return {
    path: `sys/quotas/rate-limit/${encodeURIComponent(name)}`,
    token: "read",
    answer: z
      .object({ data: z.object({ rate: z.number(), interval: z.number(), path: z.string().default("") }) })
      .transform(({ data }) => ({ rate: data.rate, intervalSeconds: data.interval, path: data.path })),
  };
}

/** `GET sys/quotas/config` (token, `read`): the paths that no quota limits. */
export const exemptPaths: Endpoint<readonly string[]> = {
  path: "sys/quotas/config",
  token: "read",
  answer: z
    .object({ data: z.object({ rate_limit_exempt_paths: z.array(z.string()).nullish() }) })
    .transform(({ data }) => data.rate_limit_exempt_paths ?? []),
};
