import { describe, expect, it } from "@jest/globals";
import { createLeadershipCollector } from "../../../src/exporter/collectors/leadership.ts";
import { fakeCluster, type FakeNode } from "../fake-cluster.ts";
import { samplesOf } from "../scrape.ts";

const leads = (name: string, activeTime: string): FakeNode => ({ name, state: "active", leader: { activeTime } });

describe("leadership collector", () => {
  it("says who leads, since when, and that it saw no change yet", async () => {
    const cluster = fakeCluster({
      nodes: [leads("vault-0", "2026-11-22T03:01:02.5Z"), { name: "vault-1", state: "standby" }],
    });

    expect(await samplesOf(cluster, createLeadershipCollector()))
      .toBe(`sealwatch_cluster_leader_changes_total{vault_cluster="prod"} 0
sealwatch_cluster_leader_info{vault_cluster="prod",vault_node="vault-0"} 1
sealwatch_cluster_leader_since_timestamp_seconds{vault_cluster="prod"} ${Date.UTC(2026, 10, 22, 3, 1, 2, 500) / 1000}`);
  });

  it("counts a change that it saw between two scrapes, and names only the new leader", async () => {
    const collector = createLeadershipCollector();
    await samplesOf(fakeCluster({ nodes: [leads("vault-0", "2026-11-22T00:00:00Z")] }), collector);

    const samples = await samplesOf(fakeCluster({ nodes: [leads("vault-1", "2026-11-22T01:00:00Z")] }), collector);

    expect(samples).toContain(`leader_changes_total{vault_cluster="prod"} 1`);
    expect(samples.match(/leader_info\{.*/gu)).toEqual([`leader_info{vault_cluster="prod",vault_node="vault-1"} 1`]);
  });

  it("counts a change once when two scrapes see it at the same time", async () => {
    const collector = createLeadershipCollector();
    await samplesOf(fakeCluster({ nodes: [leads("vault-0", "2026-11-22T00:00:00Z")] }), collector);
    const next = fakeCluster({ nodes: [leads("vault-1", "2026-11-22T01:00:00Z")] });

    const both = await Promise.all([samplesOf(next, collector), samplesOf(next, collector)]);

    for (const samples of both) expect(samples).toContain(`leader_changes_total{vault_cluster="prod"} 1`);
  });

  it("has nothing but the count while no node leads", async () => {
    const cluster = fakeCluster({ nodes: [{ name: "vault-0", state: "standby" }] });

    expect(await samplesOf(cluster, createLeadershipCollector())).toBe(
      `sealwatch_cluster_leader_changes_total{vault_cluster="prod"} 0`,
    );
  });

  it("tells no time without high availability", async () => {
    const alone = { haEnabled: false, isSelf: false, activeTime: undefined };
    const cluster = fakeCluster({ nodes: [{ name: "vault-0", state: "active", leader: alone }] });

    expect(await samplesOf(cluster, createLeadershipCollector()))
      .toBe(`sealwatch_cluster_leader_changes_total{vault_cluster="prod"} 0
sealwatch_cluster_leader_info{vault_cluster="prod",vault_node="vault-0"} 1`);
  });
});
