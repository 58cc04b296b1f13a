import { describe, expect, it } from "@jest/globals";
import { leases } from "../../../src/exporter/collectors/leases.ts";
import { fakeCluster } from "../fake-cluster.ts";
import { outcomeOf, samplesOf } from "../scrape.ts";

const nodes = [
  { name: "vault-1", state: "standby" as const },
  { name: "vault-0", state: "active" as const },
];

describe("leases collector", () => {
  it("writes the leases and those that cannot be revoked, by mount", async () => {
    const cluster = fakeCluster({
      nodes,
      irrevocable: { auth_userpass_1a2b: 2, database_3c4d: 40 },
      metrics: `vault_expire_num_irrevocable_leases 42\nvault_expire_num_leases 1234\nvault_core_active{cluster="c"} 1\n`,
    });

    expect(await samplesOf(cluster, leases)).toBe(
      `sealwatch_leases{vault_cluster="prod"} 1234
sealwatch_leases_irrevocable{vault_cluster="prod"} 42
sealwatch_leases_irrevocable_by_mount{vault_cluster="prod",mount_accessor="auth_userpass_1a2b"} 2
sealwatch_leases_irrevocable_by_mount{vault_cluster="prod",mount_accessor="database_3c4d"} 40`,
    );
  });

  it("writes zero irrevocable leases as a value", async () => {
    expect(await samplesOf(fakeCluster({ nodes }), leases)).toBe(
      `sealwatch_leases{vault_cluster="prod"} 42
sealwatch_leases_irrevocable{vault_cluster="prod"} 0`,
    );
  });

  it("never asks a standby, which may be an old leader that repeats its last number", async () => {
    const cluster = fakeCluster({ nodes });

    await samplesOf(cluster, leases);

    expect(cluster.calls.map(({ node }) => node)).toEqual(["vault-0", "vault-0"]);
  });

  it("keeps the irrevocable leases when Vault's metrics do not have the number", async () => {
    const cluster = fakeCluster({ nodes, metrics: "vault_core_active 1\n" });

    expect(await outcomeOf(cluster, leases)).toEqual({
      samples: `sealwatch_leases_irrevocable{vault_cluster="prod"} 0`,
      reason: "not-found",
    });
  });

  it("keeps the number of leases when the irrevocable ones may not be read", async () => {
    const cluster = fakeCluster({ nodes, irrevocable: "denied" });

    expect(await outcomeOf(cluster, leases)).toEqual({
      samples: `sealwatch_leases{vault_cluster="prod"} 42`,
      reason: "denied",
    });
  });
});
