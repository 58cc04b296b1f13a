import { FailureError } from "../../lib/failure.ts";
import type { IrrevocableLeases } from "../../vault/endpoints/leases-irrevocable.ts";
import { callBudget } from "../call-budget.ts";
import type { Collector, Family, NativeSample } from "../collector.ts";
import { gauge, withSamples, withValue } from "../family.ts";
import { orNoted } from "../or-noted.ts";

const SHARE = 0.4;
const NATIVE = "expire_num_leases";

const total = gauge(
  "sealwatch_leases",
  "Leases that exist, from the active node's own gauge vault_expire_num_leases (rounded above 16777216). Needs a telemetry stanza in Vault's configuration.",
);
const irrevocable = gauge(
  "sealwatch_leases_irrevocable",
  "Leases that Vault gave up revoking: credentials that still work in some backend.",
);
const irrevocableByMount = gauge(
  "sealwatch_leases_irrevocable_by_mount",
  "Leases that Vault gave up revoking, by the accessor of the mount that made them.",
  ["mount_accessor"],
);

/** How many leases exist and how many cannot be revoked, from the active node: an old leader repeats its last number for a day. */
export const leases: Collector = {
  name: "leases",
  help: "Leases, and those that cannot be revoked, from the active node.",
  families: [total, irrevocable, irrevocableByMount],
  policy: [
    { path: "sys/leases/count", capabilities: ["read"] },
    { path: "sys/metrics", capabilities: ["read"] },
  ],
  native: [NATIVE],
  async collect(context) {
    const active = await context.active();
    const [stuck, count] = await Promise.all([
      orNoted(context, active.irrevocableLeases(callBudget(context, SHARE))),
      orNoted(
        context,
        context.native().then((samples) => leaseCount(samples, active.name)),
      ),
    ]);
    return [...(count === undefined ? [] : [withValue(total, count)]), ...(stuck ? irrevocableFamilies(stuck) : [])];
  },
};

function leaseCount(samples: readonly NativeSample[], nodeName: string): number {
  const sample = samples.find(({ name }) => name === NATIVE);
  if (sample !== undefined) return sample.value;
  throw new FailureError({
    reason: "not-found",
    retryable: false,
    message: `cannot read the number of leases on ${nodeName}: its metrics have no vault_expire_num_leases; see that no telemetry prefix_filter hides it`,
  });
}

function irrevocableFamilies({ total: all, byMountAccessor }: IrrevocableLeases): readonly Family[] {
  const samples = Object.entries(byMountAccessor).map(([mount_accessor, value]) => ({
    labels: { mount_accessor },
    value,
  }));
  return [withValue(irrevocable, all), withSamples(irrevocableByMount, samples)];
}
