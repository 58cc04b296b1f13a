import { z } from "zod";
import type { VaultNode } from "../../vault/cluster.ts";
import { leaseById } from "../../vault/endpoints/lease-by-id.ts";
import type { ActionContext } from "../action.ts";
import { defineCheck } from "../action.ts";
import { ifThere } from "../if-there.ts";
import { describeCount, LEASES_BELOW_POLICY, readLeasesBelow } from "../leases-below.ts";
import { nodeRead } from "../node-read.ts";
import { canonicalPrefix, readPrefixScope, SCOPE_POLICY } from "../prefix-scope.ts";

/** What a single list gives. */
const COUNTED = 50_000;

/**
 * Looks at one prefix of leases before anything is done to it, on the active node: whether it is a role and no whole mount, how many leases are
 * below it, and how long three of them still live. What may not be revoked is not listed: a list of a whole mount is what hurts a server.
 */
export const leasePrefix = defineCheck({
  name: "vault.lease-prefix",
  summary: "Look at the leases below one prefix",
  input: z.strictObject({
    /** `database/creds/readonly`, with or without a slash at its end. */
    prefix: z.string().min(1),
  }),
  output: z.object({
    /** It lies below one mount, and is not the whole of any. */
    allowed: z.boolean(),
    /** Why it is not allowed; empty when it is. */
    why: z.string(),
    /** In its one form, with a slash at its end. */
    prefix: z.string(),
    /** The path of the API that makes these leases: what a quota limits. */
    path: z.string(),
    /** Empty when it is not allowed. */
    mount: z.string(),
    /** These leases are logins: it lies below an auth method. */
    logins: z.boolean(),
    /** With `more` at least so many, of 50 000 that are counted at most. */
    leases: z.int(),
    more: z.boolean(),
    /** The number in words. */
    count: z.string(),
    /** Shortened ids of at most three. */
    samples: z.array(z.string()),
    /** How long the longest-lived of these three still lives, in seconds; 0 when none is there or it never expires. */
    longest_seconds: z.int(),
  }),
  policy: [...SCOPE_POLICY, ...LEASES_BELOW_POLICY, { path: "sys/leases/lookup", capabilities: ["update"] }],
  read: async (context, { prefix: given }) => {
    const active = await context.cluster.activeNode(nodeRead(context));
    const scope = await readPrefixScope(context, active, given);
    const prefix = canonicalPrefix(given);
    const place = { prefix, path: prefix.slice(0, -1) };
    if (scope.mount === undefined) return { ...NOTHING, ...place, why: scope.why };
    const below = await readLeasesBelow(context, active, { prefix, atMost: COUNTED });
    return {
      ...place,
      allowed: true,
      why: "",
      mount: scope.mount,
      logins: scope.logsOut,
      leases: below.count,
      more: below.more,
      count: describeCount(below),
      samples: [...below.samples],
      longest_seconds: await readLongest(context, active, below.sampleIds),
    };
  },
});

const NOTHING = {
  allowed: false,
  mount: "",
  logins: false,
  leases: 0,
  more: false,
  count: "",
  samples: [],
  longest_seconds: 0,
};

/** One that ended meanwhile counts for nothing. */
async function readLongest(context: ActionContext, active: VaultNode, ids: readonly string[]): Promise<number> {
  const found = await Promise.all(ids.map(async (id) => await ifThere(active.read(leaseById(id), nodeRead(context)))));
  return Math.max(0, ...found.map((lease) => Math.trunc(lease?.ttlSeconds ?? 0)));
}
