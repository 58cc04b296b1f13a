import { z } from "zod";
import type { Endpoint } from "../endpoint.ts";

/** FoundToken is what Vault says of somebody's token: never the token itself, and not its accessor. */
export type FoundToken = {
  readonly displayName: string;
  /** Where it was made: `auth/userpass/login/alice`. */
  readonly path: string;
  readonly policies: readonly string[];
  /** `service`, `batch` … */
  readonly type: string;
  /** What is left of its life in seconds; 0 when it never expires (a root token). */
  readonly ttlSeconds: number;
  /** RFC 3339; empty when it never expires. */
  readonly expires: string;
  /** Whether it outlives the token that made it. */
  readonly orphan: boolean;
};

/**
 * `POST auth/token/lookup-accessor` (token, `update`): a token by its accessor. Throws reason `not-found` when no token has it. Its policy
 * lets one look at every token, so grant it to nobody who only watches.
 */
export function tokenByAccessor(accessor: string): Endpoint<FoundToken> {
  return {
    path: "auth/token/lookup-accessor",
    token: "read",
    question: { accessor },
    answer: z
      .object({
        data: z.object({
          display_name: z.string().default(""),
          path: z.string().default(""),
          policies: z.array(z.string()).nullish(),
          identity_policies: z.array(z.string()).nullish(),
          type: z.string().default(""),
          ttl: z.number(),
          expire_time: z.string().nullish(),
          orphan: z.boolean().default(false),
        }),
      })
      .transform(({ data }) => ({
        displayName: data.display_name,
        path: data.path,
        policies: [...new Set([...(data.policies ?? []), ...(data.identity_policies ?? [])])],
        type: data.type,
        ttlSeconds: data.ttl,
        expires: data.expire_time ?? "",
        orphan: data.orphan,
      })),
  };
}
