import { z } from "zod";
import { rateLimitQuota, type RateLimitQuota } from "../../vault/endpoints/sys-quotas.ts";
import { defineCheck } from "../action.ts";
import { ifThere } from "../if-there.ts";
import { nodeRead } from "../node-read.ts";

/** Vault's own rule for names; without it a name like `..` would be another path. */
const NAME = /^\w(?:[\w.-]*\w)?$/u;

/** Reads one rate-limit quota by its name, from the active node. */
export const quota = defineCheck({
  name: "vault.quota",
  summary: "Read one rate-limit quota",
  input: z.strictObject({ name: z.string().regex(NAME, "the name of a quota") }),
  output: z.object({
    exists: z.boolean(),
    /** Requests let through in each interval. */
    rate: z.number(),
    interval_seconds: z.number(),
    /** The namespace, mount or path that it limits; empty: the whole server. */
    path: z.string(),
  }),
  policy: [{ path: "sys/quotas/rate-limit/*", capabilities: ["read"] }],
  read: async (context, { name }) => {
    const active = await context.cluster.activeNode(nodeRead(context));
    const found = await ifThere(active.read(rateLimitQuota(name), nodeRead(context)));
    return found === undefined ? UNKNOWN : describe(found);
  },
});

const UNKNOWN = { exists: false, rate: 0, interval_seconds: 0, path: "" };

function describe({ rate, intervalSeconds, path }: RateLimitQuota) {
  return { exists: true, rate, interval_seconds: intervalSeconds, path };
}
