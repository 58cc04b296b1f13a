import { z } from "zod";
import { leaseById, type Lease } from "../../vault/endpoints/lease-by-id.ts";
import { defineCheck } from "../action.ts";
import { ifThere } from "../if-there.ts";
import { nodeRead } from "../node-read.ts";

/** Looks one lease up by its whole id, on the active node. What was leased is not shown. */
export const lease = defineCheck({
  name: "vault.lease",
  summary: "Look one lease up by its id",
  input: z.strictObject({ lease_id: z.string().min(1) }),
  output: z.object({
    /** Vault knows it; the other values are 0, empty and false when it does not. */
    exists: z.boolean(),
    /** Seconds left; 0 when it never expires or is over. */
    ttl_seconds: z.int(),
    renewable: z.boolean(),
    /** RFC 3339; empty when it never expires. */
    expires: z.string(),
    issued: z.string(),
  }),
  policy: [{ path: "sys/leases/lookup", capabilities: ["update"] }],
  read: async (context, { lease_id: id }) => {
    const active = await context.cluster.activeNode(nodeRead(context));
    const found = await ifThere(active.read(leaseById(id), nodeRead(context)));
    return found === undefined ? UNKNOWN : describe(found);
  },
});

const UNKNOWN = { exists: false, ttl_seconds: 0, renewable: false, expires: "", issued: "" };

function describe({ ttlSeconds, renewable, expires, issued }: Lease) {
  return { exists: true, ttl_seconds: Math.trunc(ttlSeconds), renewable, expires, issued };
}
