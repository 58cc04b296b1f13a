import { z } from "zod";
import { sysAuthMethods } from "../../vault/endpoints/sys-auth-methods.ts";
import { sysMounts } from "../../vault/endpoints/sys-mounts.ts";
import { defineCheck } from "../action.ts";
import { findLeaseCulprits, type LeaseCulprit } from "../find-lease-culprits.ts";
import { describeCount, LEASES_BELOW_POLICY } from "../leases-below.ts";
import { nodeRead } from "../node-read.ts";
import { SCOPE_POLICY } from "../prefix-scope.ts";

const SHOWN = 5;

/** Every cluster has these, and none of them lends anything. */
const WITHOUT_LEASES = ["cubbyhole/", "identity/", "sys/"];

/**
 * Finds the prefixes that hold the most leases, by a search of the active node that is bounded: one list at a time, 60 at most, 5 s in all, at
 * once over when a list takes a second, no more than 5 MB of an answer. It never looks below the level where leases are.
 */
export const leaseCulprits = defineCheck({
  name: "vault.lease-culprits",
  summary: "Find the prefixes that hold the most leases, bounded",
  input: z.strictObject({}),
  output: z.object({
    /** The largest: `database/creds/readonly/`; empty when no lease was found. */
    prefix: z.string(),
    /** Leases right below it; with `more` at least so many, and 0 with `more`: more than Vault lists in 2 s. */
    leases: z.int(),
    more: z.boolean(),
    /** The largest are logins: it lies below an auth method. */
    logins: z.boolean(),
    /** At most 5, the largest first. */
    culprits: z.array(z.object({ prefix: z.string(), leases: z.int(), more: z.boolean() })),
    /** The same in words, one a line. */
    text: z.string(),
    /** Leases seen in all. */
    counted: z.int(),
    /** Every mount was looked at; otherwise a larger one may not have been seen. */
    complete: z.boolean(),
    /** Why it ended early: `lists`, `time` or `slow` (a list took a second); empty when it did not. */
    ended: z.string(),
    /** Lists that were asked for. */
    lists: z.int(),
  }),
  policy: [...SCOPE_POLICY, ...LEASES_BELOW_POLICY],
  read: async (context) => {
    const active = await context.cluster.activeNode(nodeRead(context));
    const [methods, engines] = await Promise.all([
      active.read(sysAuthMethods, nodeRead(context)),
      active.read(sysMounts, nodeRead(context)),
    ]);
    const mounts = [...methods, ...engines].map(({ path }) => path).filter((path) => !WITHOUT_LEASES.includes(path));
    const { culprits, lists, ended } = await findLeaseCulprits(context, active, mounts);
    const [first = { prefix: "", leases: 0, more: false }] = culprits;
    const shown = culprits.slice(0, SHOWN);
    return {
      ...first,
      logins: first.prefix.startsWith("auth/"),
      culprits: shown,
      text: shown.map(inWords).join("\n"),
      counted: culprits.reduce((sum, { leases }) => sum + leases, 0),
      complete: ended === "",
      ended,
      lists,
    };
  },
});

function inWords({ prefix, leases: count, more }: LeaseCulprit): string {
  return `\`${prefix}\`: ${describeCount({ count, more })}`;
}
