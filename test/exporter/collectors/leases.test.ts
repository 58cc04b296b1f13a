import { describe, expect, it } from "@jest/globals";
import { createLeasesCollector } from "../../../src/exporter/collectors/leases.ts";
import { MOUNT_NAMES_MAX_AGE_MS } from "../../../src/exporter/mount-names.ts";
import { collect } from "../../../src/exporter/collect.ts";
import { fakeCluster, NOW, type FakeCluster } from "../fake-cluster.ts";
import { outcomeOf, samplesOf } from "../scrape.ts";

const nodes = [
  { name: "vault-1", state: "standby" as const },
  { name: "vault-0", state: "active" as const },
];
const irrevocable = { auth_userpass_1a2b: 2, database_3c4d: 40 };

const pathsOf = ({ calls }: FakeCluster): readonly string[] => calls.map(({ path }) => path);

describe("leases collector", () => {
  it("writes the leases and those that cannot be revoked, by the name of their mount", async () => {
    const cluster = fakeCluster({
      nodes,
      irrevocable: { ...irrevocable, gone_5e6f: 1 },
      metrics: `vault_expire_num_irrevocable_leases 43\nvault_expire_num_leases 1234\nvault_core_active{cluster="c"} 1\n`,
    });

    expect(await samplesOf(cluster, createLeasesCollector())).toBe(
      `sealwatch_leases{vault_cluster="prod"} 1234
sealwatch_leases_irrevocable{vault_cluster="prod"} 43
sealwatch_leases_irrevocable_by_mount{vault_cluster="prod",mount="database/",mount_accessor="database_3c4d"} 40
sealwatch_leases_irrevocable_by_mount{vault_cluster="prod",mount="auth/userpass/",mount_accessor="auth_userpass_1a2b"} 2
sealwatch_leases_irrevocable_by_mount{vault_cluster="prod",mount="",mount_accessor="gone_5e6f"} 1`,
    );
  });

  it("writes how many leases expire soon, from Vault's gauge by the hour", async () => {
    // It is 03:02; what never expires has the year 1, and labels are in the time zone of the server.
    const metrics = `vault_expire_leases_by_expiration{cluster="c",expiring="0001-01-01 00:00:00 +0000 UTC"} 500
vault_expire_leases_by_expiration{cluster="c",expiring="2026-11-22 02:00:00 +0000 UTC"} 500
vault_expire_leases_by_expiration{cluster="c",expiring="2026-11-22 03:00:00 +0000 UTC"} 1
vault_expire_leases_by_expiration{cluster="c",expiring="2026-11-22 04:00:00 +0000 UTC"} 2
vault_expire_leases_by_expiration{cluster="c",expiring="2026-11-22 06:00:00 +0100 CET"} 4
vault_expire_leases_by_expiration{cluster="c",expiring="2026-11-25 03:00:00 +0000 UTC"} 500
vault_expire_num_leases 9
`;

    expect(await samplesOf(fakeCluster({ nodes, metrics }), createLeasesCollector())).toBe(
      `sealwatch_leases{vault_cluster="prod"} 9
sealwatch_leases_expiring{vault_cluster="prod",within="5m"} 1
sealwatch_leases_expiring{vault_cluster="prod",within="1h"} 3
sealwatch_leases_expiring{vault_cluster="prod",within="24h"} 7
sealwatch_leases_irrevocable{vault_cluster="prod"} 0`,
    );
  });

  it("says nothing of leases that expire soon while Vault has not counted them, and does not fail", async () => {
    expect(await samplesOf(fakeCluster({ nodes }), createLeasesCollector())).toBe(
      `sealwatch_leases{vault_cluster="prod"} 42
sealwatch_leases_irrevocable{vault_cluster="prod"} 0`,
    );
  });

  it("never asks a standby, which may be an old leader that repeats its last number", async () => {
    const cluster = fakeCluster({ nodes, irrevocable });

    await samplesOf(cluster, createLeasesCollector());

    expect(new Set(cluster.calls.map(({ node }) => node))).toEqual(new Set(["vault-0"]));
  });

  it("keeps the irrevocable leases when Vault's metrics do not have the number", async () => {
    const cluster = fakeCluster({ nodes, metrics: "vault_core_active 1\n" });

    expect(await outcomeOf(cluster, createLeasesCollector())).toEqual({
      samples: `sealwatch_leases_irrevocable{vault_cluster="prod"} 0`,
      reason: "not-found",
    });
  });

  it("keeps the number of leases when the irrevocable ones may not be read", async () => {
    const cluster = fakeCluster({ nodes, irrevocable: "denied" });

    expect(await outcomeOf(cluster, createLeasesCollector())).toEqual({
      samples: `sealwatch_leases{vault_cluster="prod"} 42`,
      reason: "denied",
    });
  });

  it("loses only the names of the mounts that may not be read", async () => {
    const cluster = fakeCluster({ nodes, irrevocable, answers: { "sys/auth": "denied" } });

    expect(await outcomeOf(cluster, createLeasesCollector())).toEqual({
      samples: `sealwatch_leases{vault_cluster="prod"} 42
sealwatch_leases_irrevocable{vault_cluster="prod"} 42
sealwatch_leases_irrevocable_by_mount{vault_cluster="prod",mount="database/",mount_accessor="database_3c4d"} 40
sealwatch_leases_irrevocable_by_mount{vault_cluster="prod",mount="",mount_accessor="auth_userpass_1a2b"} 2`,
      reason: "denied",
    });
  });
});

it("a platform with thousands of mounts costs the series of the fifty with the most irrevocable leases", async () => {
  const many = Object.fromEntries(Array.from({ length: 3000 }, (_, index) => [`kv_${index}`, index + 1]));

  const samples = await samplesOf(fakeCluster({ nodes, irrevocable: many }), createLeasesCollector());

  expect(samples.match(/_by_mount\{/gu)).toHaveLength(50);
  expect(samples).toContain(`mount_accessor="kv_2999"} 3000`);
  expect(samples).toContain(`sealwatch_leases_irrevocable{vault_cluster="prod"} 4501500\n`);
});

describe("the names of mounts", () => {
  it("are asked for even when there is nothing to name, so that a missing permission shows before there is", async () => {
    const cluster = fakeCluster({ nodes, answers: { "sys/auth": "denied" } });

    expect((await outcomeOf(cluster, createLeasesCollector())).reason).toBe("denied");
    expect(pathsOf(cluster)).toContain("sys/mounts");
  });

  it.each([
    {
      name: "once for many scrapes, also of an accessor that is nowhere",
      later: { gone_5e6f: 3 },
      afterMs: 1,
      reads: 1,
    },
    { name: "again at once for an accessor that is new", later: { kv_7a8b: 1 }, afterMs: 1, reads: 2 },
    { name: "again when they are old", later: { gone_5e6f: 3 }, afterMs: MOUNT_NAMES_MAX_AGE_MS, reads: 2 },
  ])("are asked for $name", async ({ later, afterMs, reads }) => {
    const collector = createLeasesCollector();
    const first = fakeCluster({ nodes, irrevocable: { auth_userpass_1a2b: 2, gone_5e6f: 1 } });
    const second = fakeCluster({ nodes, irrevocable: { auth_userpass_1a2b: 2, ...later } });
    const scrapeAt = async (cluster: FakeCluster, now: number) =>
      await collect({
        clusters: [cluster],
        collectors: [collector],
        clock: { now: () => now },
        signal: new AbortController().signal,
        timeoutMs: 500,
      });

    await scrapeAt(first, NOW);
    await scrapeAt(second, NOW + afterMs);

    expect([first, second].flatMap(pathsOf).filter((path) => path === "sys/mounts")).toHaveLength(reads);
  });
});
