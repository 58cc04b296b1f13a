import type { VaultCluster } from "../../vault/cluster.ts";
import type { Collector, Family, Sample } from "../collector.ts";
import { gauge, withSamples, withValue } from "../family.ts";
import { createLeaseWalker, NOTHING_KNOWN, type WalkerOptions, type WalkView } from "../lease-walk/lease-walker.ts";
import type { MountTally } from "../lease-walk/tally.ts";
import type { Shortfall } from "../lease-walk/walk-leases.ts";

/** A platform may have a thousand mounts; the largest are what a growing number of leases comes from. */
const MOST_MOUNTS = 50;
const MOUNT = ["mount"];

const leases = gauge(
  "sealwatch_lease_walk_leases",
  `Leases below a mount, from the last walk that counted all of it, or what a later one had found before it ended when that was more. The ${MOST_MOUNTS} largest mounts of the token's namespace.`,
  MOUNT,
);
const otherLeases = gauge(
  "sealwatch_lease_walk_other_leases",
  `Leases below all mounts but the ${MOST_MOUNTS} largest.`,
);
const growth = gauge(
  "sealwatch_lease_walk_growth_per_second",
  `Leases that a mount gained a second between the last two walks that counted all of it; negative when it lost some. The number itself is a stair, whose slope Prometheus could only guess.`,
  MOUNT,
);
const complete = gauge(
  "sealwatch_lease_walk_complete",
  "1 if the last walk counted every mount to its end, 0 if it ended early.",
);
const shortfall = gauge(
  "sealwatch_lease_walk_shortfall_info",
  "1, with why the last walk did not count everything: slow (the node), standby (it lost leadership), max-requests, max-depth, or why a call failed. None after a complete walk.",
  ["reason"],
);
const lastSuccess = gauge(
  "sealwatch_lease_walk_last_success_timestamp_seconds",
  "When the last complete walk ended, Unix time.",
);
const duration = gauge("sealwatch_lease_walk_duration_seconds", "How long the last walk took.");
const requests = gauge("sealwatch_lease_walk_requests", "Lists that the last walk asked the active node for.");
const walker = gauge(
  "sealwatch_lease_walk_walker",
  "1 if this replica walks the cluster's leases, 0 if another does or the first walk is still to come. Only one has the other series.",
);

/** What walking the leases takes: the clusters, what it may cost, and what keeps replicas from walking twice. */
export type LeaseWalkOptions = Omit<WalkerOptions, "cluster"> & { readonly clusters: readonly VaultCluster[] };

/** Creates the collector of leases by mount: it walks on its own clock, and a scrape only reads what the walks found. */
export function createLeaseWalkCollector(options?: LeaseWalkOptions): Collector {
  const walkers = new Map(
    options?.clusters.map((cluster) => [cluster.name, createLeaseWalker({ ...options, cluster })] as const),
  );
  return {
    name: "lease-walk",
    help: "Leases by mount, counted by listing them on the active node, rarely and slowly, by one replica. Off unless it is named in the configuration.",
    families: [leases, otherLeases, growth, complete, shortfall, lastSuccess, duration, requests, walker],
    policy: [
      { path: "sys/auth", capabilities: ["read"] },
      { path: "sys/leases/lookup/*", capabilities: ["list", "sudo"] },
      { path: "sys/mounts", capabilities: ["read"] },
    ],
    background: {
      start: () => {
        for (const each of walkers.values()) each.start();
      },
      stop: async () => {
        await Promise.all([...walkers.values()].map(async (each) => await each.stop()));
      },
    },
    async collect({ cluster, note }) {
      const view = walkers.get(cluster.name)?.view() ?? NOTHING_KNOWN;
      const missing = view.last?.shortfall;
      // A limit that was reached is for an alert on `complete`; a call that failed is a failure like any collector's.
      if (typeof missing === "object") note(missing);
      return [...mountFamilies(view), ...walkFamilies(view)];
    },
  };
}

function mountFamilies({ tally }: WalkView): readonly Family[] {
  const mounts = [...tally].sort(([, left], [, right]) => right.leases - left.leases);
  const shown = mounts.slice(0, MOST_MOUNTS);
  const others = mounts.slice(MOST_MOUNTS);
  const samplesOf = (read: (tally: MountTally) => number | undefined): readonly Sample[] =>
    shown.flatMap(([mount, each]) => {
      const value = read(each);
      return value === undefined ? [] : [{ labels: { mount }, value }];
    });
  return [
    withSamples(
      leases,
      samplesOf((each) => each.leases),
    ),
    withValue(otherLeases, mounts.length === 0 ? undefined : others.reduce((sum, [, each]) => sum + each.leases, 0)),
    withSamples(
      growth,
      samplesOf((each) => each.growthPerSecond),
    ),
  ];
}

function walkFamilies({ last, succeededAt, walker: walks }: WalkView): readonly Family[] {
  const reasons = last?.shortfall === undefined ? [] : [{ labels: { reason: reasonOf(last.shortfall) }, value: 1 }];
  return [
    withValue(complete, last && Number(last.shortfall === undefined)),
    withSamples(shortfall, reasons),
    withValue(lastSuccess, succeededAt && succeededAt / 1000),
    withValue(duration, last && last.durationMs / 1000),
    withValue(requests, last?.requests),
    withValue(walker, Number(walks)),
  ];
}

function reasonOf(missing: Shortfall): string {
  return typeof missing === "string" ? missing : missing.reason;
}
