import { z } from "zod";
import type { Endpoint } from "../endpoint.ts";

/** Lease is how long something that Vault gave out still works. What was given out is not told. */
export type Lease = {
  readonly issued: string;
  /** RFC 3339; empty when it never expires. */
  readonly expires: string;
  /** What is left of its life in seconds; 0 when it never expires or is over. */
  readonly ttlSeconds: number;
  readonly renewable: boolean;
};

/**
 * `POST sys/leases/lookup` (token, `update`, in Vault's `default` policy): one lease by its whole id. Throws reason `not-found` for one that
 * does not exist, or not any more. Reading it renews nothing.
 */
export function leaseById(leaseId: string): Endpoint<Lease> {
  return {
    path: "sys/leases/lookup",
    token: "read",
    question: { lease_id: leaseId },
    answer: z
      .object({
        data: z.object({
          issue_time: z.string().nullish(),
          expire_time: z.string().nullish(),
          ttl: z.number(),
          renewable: z.boolean().default(false),
        }),
      })
      .transform(({ data }) => ({
        issued: data.issue_time ?? "",
        expires: data.expire_time ?? "",
        ttlSeconds: data.ttl,
        renewable: data.renewable,
      })),
  };
}
