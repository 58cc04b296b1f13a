import { z } from "zod";
import { leasesLookup } from "../../vault/endpoints/leases-lookup.ts";
import type { ActionContext } from "../action.ts";
import { defineCheck } from "../action.ts";
import { ifThere } from "../if-there.ts";
import { readLeaseList, type LeaseList } from "../lease-list.ts";
import { nodeRead } from "../node-read.ts";

const SAMPLE = 10;

/**
 * Lists one level of leases below an exact prefix, on the active node. Storage walks every lease below the prefix for it, and the whole answer
 * goes into the audit log: name a role and not a mount, and do not poll it. No more than 5 MB of the answer is read.
 */
export const leases = defineCheck({
  name: "vault.leases",
  summary: "List the leases below a prefix, one level",
  input: z.strictObject({
    /** With a slash at its end: `database/creds/readonly/`, `auth/userpass/login/alice/`. */
    prefix: z.string().regex(/^[^/].*\/$/u, "a prefix with a slash at its end, like database/creds/readonly/"),
  }),
  output: z.object({
    /** Leases right below the prefix; with `more` at least so many. */
    leases: z.int(),
    /** Prefixes right below it, whose leases are not counted. */
    prefixes: z.int(),
    /** Ids of at most 10 leases. */
    sample: z.array(z.string()),
    /** At most 10 of the prefixes. */
    prefix_names: z.array(z.string()),
    /** There are more than were read. */
    more: z.boolean(),
  }),
  policy: [{ path: "sys/leases/lookup/*", capabilities: ["list", "sudo"] }],
  read: async (context, { prefix }) => {
    const { names, more } = await readList(context, prefix);
    const prefixes = names.filter((name) => name.endsWith("/"));
    const ids = names.filter((name) => !name.endsWith("/"));
    return {
      leases: ids.length,
      prefixes: prefixes.length,
      sample: ids.slice(0, SAMPLE).map((id) => prefix + id),
      prefix_names: prefixes.slice(0, SAMPLE).map((name) => prefix + name),
      more,
    };
  },
});

/** Vault has no empty lists: nothing below a prefix is a 404. */
async function readList(context: ActionContext, prefix: string): Promise<LeaseList> {
  const active = await context.cluster.activeNode(nodeRead(context));
  const answer = await ifThere(active.stream(leasesLookup(prefix), nodeRead(context)));
  return answer === undefined ? { names: [], more: false } : await readLeaseList(answer.body, active.name);
}
