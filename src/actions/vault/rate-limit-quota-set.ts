import { z } from "zod";
import type { PolicyRule } from "../../lib/vault-policy.ts";
import type { VaultNode } from "../../vault/cluster.ts";
import type { RateLimitQuota } from "../../vault/endpoints/sys-quotas.ts";
import { readActive, readActivePreconditions } from "../active-preconditions.ts";
import type { ActionContext, Precondition, Probe } from "../action.ts";
import { defineAction } from "../action.ts";
import { orUnknown } from "../or-unknown.ts";
import { readPermittedPrecondition } from "../permitted-precondition.ts";
import { describeQuota, isSameQuota, QUOTA_POLICY, QuotaName, quotaValue, readQuota } from "../quota-input.ts";
import { refusedCall } from "../refused-call.ts";

const NAME = "vault.rate-limit-quota-set";

const Input = z.strictObject({
  name: QuotaName,
  /** A mount, or a path below one. Empty only with `global`. */
  path: z.string().default(""),
  /** Requests let through in each interval, from each client address. */
  rate: z.number().positive(),
  interval_seconds: z.int().min(1).default(1),
  /** Says that every path is meant, sealwatch's own calls and the way to take the quota away included. */
  global: z.boolean().default(false),
});
type Input = z.infer<typeof Input>;

/** Limits how many requests are let through on one path; the quota is there until it is cleared. */
export const rateLimitQuotaSet = defineAction({
  name: NAME,
  summary: "Limit the rate of requests on one path",
  danger: "reversible",
  effect: "idempotent",
  input: Input,
  output: z.object({ name: z.string(), path: z.string(), rate: z.number(), interval_seconds: z.number() }),
  policy: QUOTA_POLICY,
  grants: [{ path: "sys/quotas/rate-limit/*", capabilities: ["update"] }],
  explain: (input) => ({
    call: `POST sys/quotas/rate-limit/${input.name} on the active node: ${describeQuota(quotaOf(input))}`,
    cost: `Whoever sends more than ${input.name} lets through gets 429 instead of an answer, good clients with the bad one. It stays until it is cleared.`,
    proof: `sys/quotas/rate-limit/${input.name}, read again, has the same path, rate and interval.`,
  }),
  preconditions: async (context, input) =>
    await readActivePreconditions(context, async (active) => await readFacts(context, active, input)),
  perform: async (context, input) => {
    const scope = scopeFact(input);
    if (!scope.ok) throw refusedCall(`cannot set the quota ${input.name}: ${scope.text}; correct the step's \`with\``);
    const active = await readActive(context);
    await active.setRateLimitQuota(input.name, quotaOf(input), { signal: context.signal });
    const { name, path, rate, interval_seconds } = input;
    return { name, path, rate, interval_seconds };
  },
  probe: async (context, input) => await orUnknown(context, async () => await lookAtQuota(context, input)),
  verifyWithinMs: 10_000,
});

function quotaOf({ path, rate, interval_seconds: intervalSeconds }: Input): RateLimitQuota {
  return { path, rate, intervalSeconds };
}

async function readFacts(context: ActionContext, active: VaultNode, input: Input): Promise<readonly Precondition[]> {
  const call: PolicyRule = { path: `sys/quotas/rate-limit/${input.name}`, capabilities: ["update"] };
  const [current, permitted] = await Promise.all([
    readQuota(context, active, input.name),
    readPermittedPrecondition(context, active, [call], NAME),
  ]);
  return [scopeFact(input), currentFact(input, current), permitted];
}

function scopeFact({ path, global }: Input): Precondition {
  const all = path.replaceAll("/", "") === "";
  const fact = { name: "scope", ok: all === global, value: { path, global } };
  if (all && !global)
    return {
      ...fact,
      text: "no path is given, so it would limit every request of the cluster; say `global: true` if that is meant",
    };
  if (!all && global)
    return { ...fact, text: `a path is given (${path}) and \`global: true\` too: only one can be meant` };
  const text = all
    ? "it limits EVERY request of the cluster, sealwatch's own and the clearing of this quota included"
    : `it limits requests on ${path} only`;
  return { ...fact, text };
}

function currentFact({ name }: Input, current: RateLimitQuota | undefined): Precondition {
  const text =
    current === undefined
      ? `there is no quota ${name} yet`
      : `it replaces the quota ${name}: ${describeQuota(current)}; to go back, set that again`;
  return { name: "current", ok: true, value: quotaValue(current), text };
}

async function lookAtQuota(context: ActionContext, input: Input): Promise<Probe> {
  const active = await readActive(context);
  const found = await readQuota(context, active, input.name);
  if (found === undefined) return { verdict: "not-done", evidence: `${active.name} lists no quota ${input.name}` };
  const evidence = `the quota ${input.name} on ${active.name} is ${describeQuota(found)}`;
  return { verdict: isSameQuota(found, quotaOf(input)) ? "done" : "not-done", evidence };
}
