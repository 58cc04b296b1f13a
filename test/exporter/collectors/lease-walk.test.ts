import { describe, expect, it } from "@jest/globals";
import { createLeaseWalkCollector } from "../../../src/exporter/collectors/lease-walk.ts";
import { mergePolicy } from "../../../src/lib/vault-policy.ts";
import { createMemoryStore } from "../../../src/store/memory.ts";
import { createManualTime } from "../../runner/manual-time.ts";
import type { FakeCluster } from "../fake-cluster.ts";
import { clusterWith } from "../lease-walk/watched-cluster.ts";
import { outcomeOf, samplesOf } from "../scrape.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const LEASES = { "database/creds/app/": 5, "auth/token/create/": 2, "auth/userpass/login/alice/": 3 };

function world(cluster: FakeCluster, maxRequests = 1000) {
  const time = createManualTime();
  const settings = { interval: HOUR_MS, requestsPerSecond: 100, maxRequests, maxDepth: 4, maxLatency: 3 };
  const lock = createMemoryStore().timedLock;
  const collector = createLeaseWalkCollector({ ...time, clusters: [cluster], settings, lock });
  collector.background?.start();
  return { ...time, collector };
}

describe("lease-walk collector", () => {
  it("says only that it has not walked before the first walk", async () => {
    const cluster = clusterWith(LEASES);
    const { collector } = world(cluster);

    expect(await samplesOf(cluster, collector)).toBe(`sealwatch_lease_walk_walker{vault_cluster="prod"} 0`);
    await collector.background?.stop();
  });

  it("writes what the last walks found, and asks nobody in a scrape", async () => {
    const cluster = clusterWith(LEASES);
    const { collector, advance } = world(cluster);
    await advance(MINUTE_MS + 1000);
    const calls = cluster.calls.length;

    expect(await samplesOf(cluster, collector)).toBe(
      `sealwatch_lease_walk_leases{vault_cluster="prod",mount="database/"} 5
sealwatch_lease_walk_leases{vault_cluster="prod",mount="auth/userpass/"} 3
sealwatch_lease_walk_leases{vault_cluster="prod",mount="auth/token/"} 2
sealwatch_lease_walk_leases{vault_cluster="prod",mount="secret/"} 0
sealwatch_lease_walk_other_leases{vault_cluster="prod"} 0
sealwatch_lease_walk_complete{vault_cluster="prod"} 1
sealwatch_lease_walk_last_success_timestamp_seconds{vault_cluster="prod"} 1700000060.08
sealwatch_lease_walk_duration_seconds{vault_cluster="prod"} 0.08
sealwatch_lease_walk_requests{vault_cluster="prod"} 9
sealwatch_lease_walk_walker{vault_cluster="prod"} 1`,
    );
    expect(cluster.calls).toHaveLength(calls);
    await advance(2 * HOUR_MS);
    expect(await samplesOf(cluster, collector)).toContain(
      `sealwatch_lease_walk_growth_per_second{vault_cluster="prod",mount="database/"} 0\n`,
    );
    await collector.background?.stop();
  });

  it("calls exactly what its policy permits", async () => {
    const cluster = clusterWith(LEASES);
    const { collector, advance } = world(cluster);

    await advance(2 * MINUTE_MS);

    const called = cluster.calls.map(({ path, capabilities }) => ({
      path: path.replace(/^(sys\/leases\/lookup\/).*/u, "$1*"),
      capabilities,
    }));
    expect(mergePolicy(called)).toEqual(mergePolicy(collector.policy));
    await collector.background?.stop();
  });

  it("says why a walk ended early, without calling a limit of ours a failure", async () => {
    const cluster = clusterWith(LEASES);
    const { collector, advance } = world(cluster, 3);
    await advance(2 * MINUTE_MS);

    const { samples, reason } = await outcomeOf(cluster, collector);

    expect(reason).toBeUndefined();
    expect(samples).toContain(`sealwatch_lease_walk_complete{vault_cluster="prod"} 0\n`);
    expect(samples).toContain(`sealwatch_lease_walk_shortfall_info{vault_cluster="prod",reason="max-requests"} 1\n`);
    expect(samples).not.toContain("last_success");
    await collector.background?.stop();
  });

  it("fails as long as the last walk ended by a call that failed", async () => {
    const cluster = clusterWith(LEASES, { "sys/mounts": "denied" });
    const { collector, advance } = world(cluster);
    await advance(2 * MINUTE_MS);

    const { samples, reason } = await outcomeOf(cluster, collector);

    expect(reason).toBe("denied");
    expect(samples).toContain(`sealwatch_lease_walk_shortfall_info{vault_cluster="prod",reason="denied"} 1\n`);
    await collector.background?.stop();
  });

  it("writes the 50 largest mounts and the sum of the others", async () => {
    const names = Array.from({ length: 60 }, (_, index) => `m${index}`);
    const table = Object.fromEntries(names.map((name) => [`${name}/`, { accessor: name }]));
    const cluster = clusterWith(Object.fromEntries(names.map((name, index) => [`${name}/role/`, index])), {
      "sys/mounts": { data: table },
      "sys/auth": { data: {} },
    });
    const { collector, advance } = world(cluster);
    await advance(2 * MINUTE_MS);

    const lines = (await samplesOf(cluster, collector)).split("\n");

    expect(lines.filter((line) => line.startsWith("sealwatch_lease_walk_leases{"))).toHaveLength(50);
    expect(lines).toContain(`sealwatch_lease_walk_leases{vault_cluster="prod",mount="m59/"} 59`);
    expect(lines).toContain(`sealwatch_lease_walk_other_leases{vault_cluster="prod"} 45`);
    await collector.background?.stop();
  });
});
