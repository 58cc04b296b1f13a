import { z } from "zod";
import { tokenByAccessor, type FoundToken } from "../../vault/endpoints/token-by-accessor.ts";
import { defineCheck } from "../action.ts";
import { ifThere } from "../if-there.ts";
import { nodeRead } from "../node-read.ts";

const MOST_POLICIES = 20;

/** Looks somebody's token up by its accessor, on the active node. Neither the token nor the accessor is in what it gives. */
export const token = defineCheck({
  name: "vault.token",
  summary: "Look a token up by its accessor",
  input: z.strictObject({ accessor: z.string().min(1) }),
  output: z.object({
    /** A token has this accessor; the other values are 0, empty and false when none has. */
    exists: z.boolean(),
    display_name: z.string(),
    /** Where it was made: `auth/userpass/login/alice`. */
    path: z.string(),
    /** Its own and its identity's, at most 20. */
    policies: z.array(z.string()),
    /** It may do everything: one of its policies is `root`. */
    root: z.boolean(),
    type: z.string(),
    /** Seconds left; 0 when it never expires. */
    ttl_seconds: z.int(),
    /** RFC 3339; empty when it never expires. */
    expires: z.string(),
    orphan: z.boolean(),
  }),
  policy: [{ path: "auth/token/lookup-accessor", capabilities: ["update"] }],
  read: async (context, { accessor }) => {
    const active = await context.cluster.activeNode(nodeRead(context));
    const found = await ifThere(active.read(tokenByAccessor(accessor), nodeRead(context)));
    return found === undefined ? UNKNOWN : describe(found);
  },
});

const UNKNOWN = {
  exists: false,
  display_name: "",
  path: "",
  policies: [],
  root: false,
  type: "",
  ttl_seconds: 0,
  expires: "",
  orphan: false,
};

function describe({ displayName, path, policies, type, ttlSeconds, expires, orphan }: FoundToken) {
  return {
    exists: true,
    display_name: displayName,
    path,
    policies: policies.slice(0, MOST_POLICIES),
    root: policies.includes("root"),
    type,
    ttl_seconds: Math.trunc(ttlSeconds),
    expires,
    orphan,
  };
}
