import { describe, expect, it } from "@jest/globals";
import { replication } from "../../../src/exporter/collectors/replication.ts";
import { fakeCluster, type FakeClusterOptions, type FakeNode } from "../fake-cluster.ts";
import { outcomeOf, samplesOf } from "../scrape.ts";
import { recorded } from "../system-answers.ts";

const ENTERPRISE = { hasVaultOnlyKeys: true, enterprise: true, version: "2.0.4+ent" };

const cluster = (health: FakeNode["health"] = {}, answers: FakeClusterOptions["answers"] = {}) =>
  fakeCluster({ nodes: [{ name: "vault-0", state: "active", health }], answers });

const DISABLED = `sealwatch_replication_info{vault_cluster="prod",replication="performance",mode="disabled",state=""} 1`;

describe("replication collector", () => {
  it("writes how far a primary is and how many of its secondaries are connected, without a token", async () => {
    const primary = cluster(ENTERPRISE);

    expect(await samplesOf(primary, replication)).toBe(
      `sealwatch_replication_info{vault_cluster="prod",replication="dr",mode="primary",state="running"} 1
${DISABLED}
sealwatch_replication_last_wal{vault_cluster="prod",replication="dr"} 241
sealwatch_replication_known_secondaries{vault_cluster="prod",replication="dr"} 2
sealwatch_replication_connected_secondaries{vault_cluster="prod",replication="dr"} 1`,
    );
    expect(primary.calls).toEqual([]);
  });

  it("writes how far a secondary is and that its connection is not ready", async () => {
    const answers = { "sys/replication/status": recorded("vault-enterprise-replication-secondary") };

    expect(await samplesOf(cluster(ENTERPRISE, answers), replication)).toBe(
      `sealwatch_replication_info{vault_cluster="prod",replication="dr",mode="secondary",state="stream-wals"} 1
${DISABLED}
sealwatch_replication_last_remote_wal{vault_cluster="prod",replication="dr"} 239
sealwatch_replication_connected{vault_cluster="prod",replication="dr"} 0`,
    );
  });

  it.each([
    { name: "ready", connected: 1 },
    { name: "connecting", connected: 0 },
    { name: "idle", connected: 0 },
  ])("calls a secondary whose connection is $name connected: $connected", async ({ name, connected }) => {
    const performance = { mode: "secondary", state: "stream-wals", connection_state: name };
    const answers = { "sys/replication/status": { data: { dr: { mode: "disabled" }, performance } } };

    expect(await samplesOf(cluster(ENTERPRISE, answers), replication)).toContain(
      `sealwatch_replication_connected{vault_cluster="prod",replication="performance"} ${connected}`,
    );
  });

  it("counts only those secondaries that are connected", async () => {
    const secondaries = [{ connection_status: "connected" }, { connection_status: "disconnected" }, {}];
    const dr = { mode: "primary", state: "running", known_secondaries: ["a", "b", "c"], secondaries };
    const answers = { "sys/replication/status": { data: { dr } } };

    expect(await samplesOf(cluster(ENTERPRISE, answers), replication)).toContain(
      `sealwatch_replication_known_secondaries{vault_cluster="prod",replication="dr"} 3
sealwatch_replication_connected_secondaries{vault_cluster="prod",replication="dr"} 1`,
    );
  });

  it("writes a primary that nobody follows as zero secondaries", async () => {
    const dr = { mode: "primary", state: "running", last_wal: 5, known_secondaries: null };
    const answers = { "sys/replication/status": { data: { dr, performance: { mode: "disabled" } } } };

    expect(await samplesOf(cluster(ENTERPRISE, answers), replication)).toContain(
      `sealwatch_replication_known_secondaries{vault_cluster="prod",replication="dr"} 0
sealwatch_replication_connected_secondaries{vault_cluster="prod",replication="dr"} 0`,
    );
  });

  it.each([
    { name: "OpenBao", health: {} },
    { name: "Vault's Community Edition", health: { hasVaultOnlyKeys: true, version: "1.21.2" } },
  ])("asks nothing of $name, which does not replicate", async ({ health }) => {
    const answers = { "sys/replication/status": "server-error" };

    expect(await samplesOf(cluster(health, answers), replication)).toBe("");
  });

  it("writes nothing of an edition that says only that it does not replicate", async () => {
    const answers = { "sys/replication/status": recorded("vault-replication-without-enterprise") };

    expect(await samplesOf(cluster(ENTERPRISE, answers), replication)).toBe("");
  });

  it.each(["denied", "not-found", "refused", "server-error", "invalid-answer"] as const)(
    "writes nothing when it is %s",
    async (reason) => {
      const seen = cluster(ENTERPRISE, { "sys/replication/status": reason });

      expect(await outcomeOf(seen, replication)).toEqual({ samples: "", reason });
    },
  );
});
