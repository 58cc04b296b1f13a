import type { VaultNode } from "../../vault/cluster.ts";
import { exemptPaths, rateLimitQuota, rateLimitQuotas, type RateLimitQuota } from "../../vault/endpoints/sys-quotas.ts";
import { callBudget } from "../call-budget.ts";
import type { CollectContext, Collector, Family, NativeSample } from "../collector.ts";
import { gauge, withSamples, withValue } from "../family.ts";
import { orNoted } from "../or-noted.ts";

/** Of each call; the reading of single quotas ends at the same share of the scrape, whatever is left. */
const SHARE = 0.25;
const MAX_QUOTAS = 100;
const NATIVE = "quota_rate_limit_violation";

const count = gauge("sealwatch_quota_rate_limits", "Rate-limit quotas that exist.");
const partial = gauge(
  "sealwatch_quota_rate_limits_partial",
  `1 if some quotas have no samples below, because there are more than ${MAX_QUOTAS} or time ran out, 0 if all have.`,
);
const requests = gauge(
  "sealwatch_quota_rate_limit_requests",
  "Requests that the quota lets through in each interval.",
  ["quota"],
);
const interval = gauge("sealwatch_quota_rate_limit_interval_seconds", "Length of the quota's interval.", ["quota"]);
const exempt = gauge("sealwatch_quota_exempt_paths", "Paths that no rate-limit quota limits.");
const violations = {
  name: "sealwatch_quota_rate_limit_violations_total",
  help: "Requests that the active node refused because of the quota, from its own vault_quota_rate_limit_violation. No sample before the first; of more than 100 quotas, the first by name.",
  type: "counter",
  labels: ["quota"],
} as const;

/** A quota with its name. */
type Named = { readonly name: string; readonly quota: RateLimitQuota };

/** What limits clients, us included, and whom it already refused, from the active node. */
export const quotas: Collector = {
  name: "quotas",
  help: "Rate-limit quotas and their violations, from the active node.",
  families: [count, partial, requests, interval, exempt, violations],
  policy: [
    { path: "sys/quotas/rate-limit/", capabilities: ["list"] },
    { path: "sys/quotas/rate-limit/*", capabilities: ["read"] },
    { path: "sys/quotas/config", capabilities: ["read"] },
    { path: "sys/metrics", capabilities: ["read"] },
  ],
  native: [NATIVE],
  async collect(context) {
    const active = await context.active();
    const budget = callBudget(context, SHARE);
    const [limits, paths, native] = await Promise.all([
      orNoted(context, limitFamilies(active, context)),
      orNoted(context, active.read(exemptPaths, budget)),
      orNoted(context, context.native()),
    ]);
    return [
      ...(limits ?? []),
      ...(paths ? [withValue(exempt, paths.length)] : []),
      ...(native ? [violationFamily(native)] : []),
    ];
  },
};

async function limitFamilies(active: VaultNode, context: CollectContext): Promise<readonly Family[]> {
  const names = await active.read(rateLimitQuotas, callBudget(context, SHARE));
  const read = await readQuotas(active, names.slice(0, MAX_QUOTAS), context);
  const samples = (value: (quota: RateLimitQuota) => number) =>
    read.map(({ name, quota }) => ({ labels: { quota: name }, value: value(quota) }));
  return [
    withValue(count, names.length),
    withValue(partial, Number(read.length < names.length)),
    withSamples(
      requests,
      samples(({ rate }) => rate),
    ),
    withSamples(
      interval,
      samples(({ intervalSeconds }) => intervalSeconds),
    ),
  ];
}

/** One after the other, so that looking at limits does not reach them; ends early when time is up, or at a failure, which is noted. */
async function readQuotas(
  active: VaultNode,
  names: readonly string[],
  context: CollectContext,
): Promise<readonly Named[]> {
  const endsAt = context.clock.now() + context.timeoutMs * SHARE;
  const read: Named[] = [];
  for (const name of names) {
    if (context.clock.now() >= endsAt) break;
    const quota = await orNoted(context, active.read(rateLimitQuota(name), callBudget(context, SHARE)));
    if (quota === undefined) break;
    read.push({ name, quota });
  }
  return read;
}

/** Vault has a series more of a quota for each other label, such as the empty cluster name from before its first unseal. */
function violationFamily(native: readonly NativeSample[]): Family {
  const sums = new Map<string, number>();
  for (const { name, labels, value } of native) {
    if (name !== NATIVE) continue;
    const quota = labels["name"] ?? "";
    sums.set(quota, (sums.get(quota) ?? 0) + value);
  }
  return withSamples(
    violations,
    [...sums.keys()]
      .toSorted()
      .slice(0, MAX_QUOTAS)
      .map((quota) => ({ labels: { quota }, value: sums.get(quota) ?? 0 })),
  );
}
