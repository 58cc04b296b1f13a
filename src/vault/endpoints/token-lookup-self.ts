import { z } from "zod";
import type { Endpoint } from "../endpoint.ts";
import { parseGoTime } from "../go-time.ts";

/** OwnToken is what Vault says of the token that asks: never the token itself, its accessor or its policies. */
export type OwnToken = {
  /** Unix seconds; undefined when it never expires (a root token). */
  readonly expiresAtSeconds: number | undefined;
  /** What is left of its life in seconds, by Vault's clock; 0 when it never expires. */
  readonly ttlSeconds: number;
  readonly renewable: boolean;
  /** Whether it outlives the token that made it. */
  readonly orphan: boolean;
};

/**
 * `GET auth/token/lookup-self` (token, `read`, in Vault's `default` policy): the token that asks. Any valid token may be given it, it reads
 * next to nothing, and Vault writes it to the audit devices before it answers.
 */
export const tokenLookupSelf: Endpoint<OwnToken> = {
  path: "auth/token/lookup-self",
  token: "read",
  answer: z
    .object({
      data: z.object({
        expire_time: z.string().nullish(),
        ttl: z.number(),
        // A root token's answer does not have it.
        renewable: z.boolean().default(false),
        orphan: z.boolean().default(false),
      }),
    })
    .transform(({ data }) => ({
      expiresAtSeconds: parseGoTime(data.expire_time ?? ""),
      ttlSeconds: data.ttl,
      renewable: data.renewable,
      orphan: data.orphan,
    })),
};
