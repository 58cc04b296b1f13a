import { z } from "zod";
import type { PolicyRule } from "../../lib/vault-policy.ts";
import type { VaultNode } from "../../vault/cluster.ts";
import type { RateLimitQuota } from "../../vault/endpoints/sys-quotas.ts";
import { readActive, readActivePreconditions } from "../active-preconditions.ts";
import type { ActionContext, Precondition } from "../action.ts";
import { defineAction } from "../action.ts";
import { orUnknown } from "../or-unknown.ts";
import { readPermittedPrecondition } from "../permitted-precondition.ts";
import { describeQuota, QUOTA_POLICY, QuotaName, quotaValue, readQuota } from "../quota-input.ts";

const NAME = "vault.rate-limit-quota-clear";

/** Takes a rate-limit quota away. Vault answers 204 for a name that no quota has, too. */
export const rateLimitQuotaClear = defineAction({
  name: NAME,
  summary: "Take a rate-limit quota away",
  danger: "reversible",
  effect: "idempotent",
  input: z.strictObject({ name: QuotaName }),
  output: z.object({ name: z.string() }),
  policy: QUOTA_POLICY,
  grants: [{ path: "sys/quotas/rate-limit/*", capabilities: ["delete"] }],
  explain: ({ name }) => ({
    call: `DELETE sys/quotas/rate-limit/${name} on the active node`,
    cost: `Requests that ${name} held back come through again, all at once.`,
    proof: `the list of sys/quotas/rate-limit does not have ${name}.`,
  }),
  preconditions: async (context, { name }) =>
    await readActivePreconditions(context, async (active) => await readFacts(context, active, name)),
  perform: async (context, { name }) => {
    const active = await readActive(context);
    await active.deleteRateLimitQuota(name, { signal: context.signal });
    return { name };
  },
  probe: async (context, { name }) =>
    await orUnknown(context, async () => {
      const active = await readActive(context);
      const found = await readQuota(context, active, name);
      if (found === undefined) return { verdict: "done", evidence: `${active.name} lists no quota ${name}` };
      return { verdict: "not-done", evidence: `the quota ${name} on ${active.name} is ${describeQuota(found)}` };
    }),
  verifyWithinMs: 10_000,
});

async function readFacts(context: ActionContext, active: VaultNode, name: string): Promise<readonly Precondition[]> {
  const call: PolicyRule = { path: `sys/quotas/rate-limit/${name}`, capabilities: ["delete"] };
  const [current, permitted] = await Promise.all([
    readQuota(context, active, name),
    readPermittedPrecondition(context, active, [call], NAME),
  ]);
  return [currentFact(name, current), permitted];
}

function currentFact(name: string, current: RateLimitQuota | undefined): Precondition {
  const ok = current !== undefined;
  const text = ok ? `the quota ${name} is ${describeQuota(current)}` : `there is no quota ${name}`;
  return { name: "current", ok, value: quotaValue(current), text };
}
