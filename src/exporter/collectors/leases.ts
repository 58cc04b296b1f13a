import type { Failure } from "../../lib/failure.ts";
import type { IrrevocableLeases } from "../../vault/endpoints/leases-irrevocable.ts";
import type { VaultNode } from "../../vault/cluster.ts";
import { callBudget } from "../call-budget.ts";
import type { CollectContext, Collector, Family, NativeSample } from "../collector.ts";
import { expiringWithin, expiryBuckets } from "../expiring-leases.ts";
import { gauge, withSamples, withValue } from "../family.ts";
import { createMountNames, type MountNames } from "../mount-names.ts";
import { orNoted } from "../or-noted.ts";

const SHARE = 0.25;
/** A platform may have thousands of mounts. */
const MOST_MOUNTS = 50;
const NATIVE = { count: "expire_num_leases", byExpiration: "expire_leases_by_expiration" };

const HORIZONS_MS = { "5m": 300_000, "1h": 3_600_000, "24h": 86_400_000 };

const total = gauge(
  "sealwatch_leases",
  "Leases that exist, from the active node's own gauge vault_expire_num_leases (rounded above 16777216). Needs a telemetry stanza in Vault's configuration.",
);
const expiring = gauge(
  "sealwatch_leases_expiring",
  "Leases that expire within this time, at most, each time including the shorter ones. From the active node's own gauge vault_expire_leases_by_expiration: it counts by the hour (lease_metrics_epsilon), so an hour that the time touches counts whole and 5m is mostly the current hour; it is written every 10 minutes (usage_gauge_period), so leases made, renewed or revoked since are not seen. No sample without that gauge, as for up to 20 minutes after a fail-over.",
  ["within"],
);
const irrevocable = gauge(
  "sealwatch_leases_irrevocable",
  "Leases that Vault gave up revoking: credentials that still work in some backend.",
);
const irrevocableByMount = gauge(
  "sealwatch_leases_irrevocable_by_mount",
  "Leases that Vault gave up revoking, by the mount that made them, for instance database/ or auth/userpass/; the 50 with the most. Empty mount: no mount has this accessor any more, or the mounts could not be read. A mount that was moved has its old name for up to 10 minutes.",
  ["mount", "mount_accessor"],
);

/** Creates the collector of leases, from the active node: an old leader repeats its last numbers for a day. */
export function createLeasesCollector(): Collector {
  const mountNames = createMountNames();
  return {
    name: "leases",
    help: "Leases, those that expire soon and those that cannot be revoked, from the active node.",
    families: [total, expiring, irrevocable, irrevocableByMount],
    policy: [
      { path: "sys/auth", capabilities: ["read"] },
      { path: "sys/leases/count", capabilities: ["read"] },
      { path: "sys/metrics", capabilities: ["read"] },
      { path: "sys/mounts", capabilities: ["read"] },
    ],
    native: Object.values(NATIVE),
    async collect(context) {
      const active = await context.active();
      const [counted, stuck] = await Promise.all([
        orNoted(context, context.native()),
        orNoted(context, irrevocableFamilies(context, active, mountNames)),
      ]);
      return [...(counted ? nativeFamilies(context, active, counted) : []), ...(stuck ?? [])];
    },
  };
}

function nativeFamilies(context: CollectContext, { name }: VaultNode, samples: readonly NativeSample[]) {
  const count = samples.find((sample) => sample.name === NATIVE.count)?.value;
  if (count === undefined) context.note(noCount(name));
  const buckets = expiryBuckets(samples.filter((sample) => sample.name === NATIVE.byExpiration));
  const horizons = buckets.length === 0 ? [] : Object.entries(HORIZONS_MS);
  return [
    ...(count === undefined ? [] : [withValue(total, count)]),
    withSamples(
      expiring,
      horizons.map(([within, milliseconds]) => ({
        labels: { within },
        value: expiringWithin(buckets, context.clock.now(), milliseconds),
      })),
    ),
  ];
}

function noCount(nodeName: string): Failure {
  return {
    reason: "not-found",
    retryable: false,
    message: `cannot read the number of leases on ${nodeName}: its metrics have no vault_expire_num_leases; see that no telemetry prefix_filter hides it`,
  };
}

async function irrevocableFamilies(
  context: CollectContext,
  active: VaultNode,
  mountNames: MountNames,
): Promise<readonly Family[]> {
  const { total: all, byMountAccessor }: IrrevocableLeases = await active.irrevocableLeases(callBudget(context, SHARE));
  const names = await mountNames(context, active, Object.keys(byMountAccessor));
  const largest = Object.entries(byMountAccessor)
    .sort(([, left], [, right]) => right - left)
    .slice(0, MOST_MOUNTS);
  const samples = largest.map(([accessor, value]) => ({
    labels: { mount: names.get(accessor) ?? "", mount_accessor: accessor },
    value,
  }));
  return [withValue(irrevocable, all), withSamples(irrevocableByMount, samples)];
}
