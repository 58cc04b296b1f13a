import { describe, expect, it } from "@jest/globals";
import { createNodeCollector } from "../../../src/exporter/collectors/node.ts";
import type { ListenerCertificate } from "../../../src/vault/listener.ts";
import { fakeCluster, NOW, type FakeNode } from "../fake-cluster.ts";
import { samplesOf } from "../scrape.ts";

/** Scrapes these nodes once, or again with a collector that saw them before. */
async function linesOf(nodes: readonly FakeNode[], collector = createNodeCollector()): Promise<readonly string[]> {
  return (await samplesOf(fakeCluster({ nodes }), collector)).split("\n");
}

/** What the page says of one metric of `vault-0`: values by the labels besides cluster and node. */
async function told(metric: string, node: Partial<FakeNode>): Promise<Readonly<Record<string, number>>> {
  return readMetric(await linesOf([{ name: "vault-0", state: "active", ...node }]), metric);
}

function readMetric(lines: readonly string[], metric: string): Readonly<Record<string, number>> {
  const start = `sealwatch_node_${metric}{vault_cluster="prod",vault_node="vault-0"`;
  return Object.fromEntries(
    lines
      .filter((line) => line.startsWith(`${start},`) || line.startsWith(`${start}}`))
      .map((line) => {
        const [labels = "", value] = line.slice(start.length).split("} ");
        return [labels.replace(/^,/u, ""), Number(value)];
      }),
  );
}

const only = (lines: readonly string[], ...names: readonly string[]): readonly string[] =>
  lines.filter((line) => names.some((name) => line.startsWith(`sealwatch_${name}{`)));

describe("a node's state", () => {
  it.each([
    { state: "active", up: 1, initialized: 1, sealed: 0, standby: 0, active: 1, leader_known: 1, code: 200 },
    { state: "standby", up: 1, initialized: 1, sealed: 0, standby: 1, active: 0, leader_known: 1, code: 429 },
    { state: "sealed", up: 1, initialized: 1, sealed: 1, active: 0, code: 503 },
    { state: "uninitialized", up: 1, initialized: 0, active: 0, code: 501 },
    { state: "unreachable", up: 0 },
  ] as const)("is $state and nothing else, and what nobody can know is left out", async ({ state, code, ...known }) => {
    const lines = await linesOf([{ name: "vault-0", state }]);

    const values = (metric: string): readonly number[] => Object.values(readMetric(lines, metric));
    for (const metric of ["up", "initialized", "sealed", "standby", "active", "leader_known"] as const) {
      const value = (known as Readonly<Record<string, number>>)[metric];
      expect({ metric, values: values(metric) }).toEqual({ metric, values: value === undefined ? [] : [value] });
    }
    expect(values("health_status_code")).toEqual(code === undefined ? [] : [code]);
    expect(readMetric(lines, "state")).toEqual({
      'state="active"': 0,
      'state="standby"': 0,
      'state="sealed"': 0,
      'state="uninitialized"': 0,
      'state="unsealed"': 0,
      'state="unreachable"': 0,
      [`state="${state}"`]: 1,
    });
  });

  it("has all six samples for every node, whatever it does", async () => {
    const states = ["denied", "garbage", "slow", "frozen"] as const;
    const lines = await linesOf(states.map((state) => ({ name: state, state })));

    for (const name of states) {
      const samples = only(lines, "node_state").filter((line) => line.includes(`vault_node="${name}"`));
      expect(samples).toHaveLength(6);
      expect(samples.filter((line) => line.endsWith(" 1"))).toHaveLength(1);
    }
  });

  it("comes with why it could not be asked: a page of a proxy, a frozen process", async () => {
    const lines = await linesOf([
      { name: "proxy", state: "garbage" },
      { name: "hung", state: "frozen" },
    ]);

    expect(only(lines, "node_up", "node_failure_info")).toEqual([
      `sealwatch_node_up{vault_cluster="prod",vault_node="proxy"} 0`,
      `sealwatch_node_up{vault_cluster="prod",vault_node="hung"} 0`,
      `sealwatch_node_failure_info{vault_cluster="prod",vault_node="proxy",reason="invalid-answer"} 1`,
      `sealwatch_node_failure_info{vault_cluster="prod",vault_node="hung",reason="timeout"} 1`,
    ]);
  });

  it.each([
    { name: "by the code of sys/health", health: { statusCode: 530 }, removed: 1 },
    { name: "by the body of sys/health", health: { removedFromCluster: true }, removed: 1 },
    { name: "by its seal", seal: { removedFromCluster: true }, removed: 1 },
    { name: "not, by its own word", health: { removedFromCluster: false }, removed: 0 },
  ])("says that it was removed: $name", async ({ health = {}, seal = {}, removed }) => {
    expect(await told("removed", { health, seal })).toEqual({ "": removed });
  });

  it.each([
    { name: "474, without a word in the body", health: { statusCode: 474 }, healthy: 0 },
    { name: "its own word that it does not hear", health: { haConnectionHealthy: false }, healthy: 0 },
    { name: "its own word that it hears", health: { haConnectionHealthy: true }, healthy: 1 },
  ])("says whether a standby hears from the active node: $name", async ({ health, healthy }) => {
    expect(await told("ha_connection_healthy", { state: "standby", health })).toEqual({ "": healthy });
  });

  it("does not invent what OpenBao does not tell", async () => {
    for (const metric of ["removed", "ha_connection_healthy", "performance_standby"]) {
      expect(await told(metric, { state: "standby" })).toEqual({});
    }
  });

  it.each([
    { name: "is one", performanceStandby: true, value: 1 },
    { name: "is none", performanceStandby: false, value: 0 },
  ])("says that a node of Vault $name of the performance standbys", async ({ performanceStandby, value }) => {
    expect(await told("performance_standby", { state: "standby", health: { performanceStandby } })).toEqual({
      "": value,
    });
  });
});

describe("a node's product, version and clock", () => {
  it.each([
    { name: "OpenBao", health: {}, labels: `product="openbao",enterprise="false"` },
    { name: "Vault", health: { hasVaultOnlyKeys: true }, labels: `product="vault",enterprise="false"` },
    {
      name: "Vault Enterprise",
      health: { hasVaultOnlyKeys: true, enterprise: true },
      labels: `product="vault",enterprise="true"`,
    },
  ])("tells $name by the keys of its health", async ({ health, labels }) => {
    expect(await told("product_info", { health })).toEqual({ [labels]: 1 });
  });

  it("takes the version from the seal while the health does not come, and leaves a hidden one out", async () => {
    const hidden = { version: "" };

    expect(await told("version_info", { health: hidden })).toEqual({ 'version="2.6.2"': 1 });
    expect(await told("version_info", { health: hidden, seal: hidden })).toEqual({});
  });

  it.each([
    { name: "the same second", serverTimeSeconds: NOW / 1000, skew: 0 },
    { name: "ahead", serverTimeSeconds: NOW / 1000 + 90, skew: 90 },
    { name: "behind", serverTimeSeconds: NOW / 1000 - 7, skew: -7 },
  ])("measures a clock: $name", async ({ serverTimeSeconds, skew }) => {
    expect(await told("clock_skew_seconds", { health: { serverTimeSeconds } })).toEqual({ "": skew });
  });
});

describe("a node's seal", () => {
  it("has its kind, its key shares and how many were given, and no nonce in any label", async () => {
    const seal = { progress: 1, nonce: "0f5d4a5c-nonce", migration: true, recoverySeal: true, type: "transit" };
    const lines = await linesOf([{ name: "vault-0", state: "sealed", seal }]);

    expect(lines.filter((line) => line.startsWith("sealwatch_node_seal_"))).toEqual([
      `sealwatch_node_seal_threshold{vault_cluster="prod",vault_node="vault-0"} 3`,
      `sealwatch_node_seal_shares{vault_cluster="prod",vault_node="vault-0"} 5`,
      `sealwatch_node_seal_progress{vault_cluster="prod",vault_node="vault-0"} 1`,
      `sealwatch_node_seal_migration{vault_cluster="prod",vault_node="vault-0"} 1`,
      `sealwatch_node_seal_recovery{vault_cluster="prod",vault_node="vault-0"} 1`,
      `sealwatch_node_seal_info{vault_cluster="prod",vault_node="vault-0",seal_type="transit",storage_type="raft",recovery_seal="true"} 1`,
      `sealwatch_node_seal_nonce_changes_total{vault_cluster="prod",vault_node="vault-0"} 0`,
    ]);
    expect(lines.join("\n")).not.toContain("0f5d4a5c");
  });

  it("counts an unseal that was begun again, over scrapes", async () => {
    const collector = createNodeCollector();
    const sealedWith = (nonce: string) => [{ name: "vault-0", state: "sealed" as const, seal: { nonce } }];
    await linesOf(sealedWith("first"), collector);

    expect(readMetric(await linesOf(sealedWith("second"), collector), "seal_nonce_changes_total")).toEqual({ "": 1 });
  });
});

describe("a node's listener", () => {
  const certificate: ListenerCertificate = {
    notBefore: NOW - 5000,
    notAfter: NOW + 90_000,
    chainNotAfter: NOW + 60_000,
    nameMismatch: true,
    trusted: false,
  };

  it("shows its certificate although no call accepts it: the node is unreachable", async () => {
    const lines = await linesOf([{ name: "vault-0", state: "unreachable" }]);
    const seen = await linesOf([{ name: "vault-0", state: "garbage", listener: { certificate } }]);

    expect(lines.filter((line) => line.includes("_certificate_"))).toEqual([]);
    expect(readMetric(seen, "up")).toEqual({ "": 0 });
    expect(seen.filter((line) => line.includes("_certificate_"))).toEqual([
      `sealwatch_node_certificate_not_before_timestamp_seconds{vault_cluster="prod",vault_node="vault-0"} ${NOW / 1000 - 5}`,
      `sealwatch_node_certificate_not_after_timestamp_seconds{vault_cluster="prod",vault_node="vault-0"} ${NOW / 1000 + 90}`,
      `sealwatch_node_certificate_chain_not_after_timestamp_seconds{vault_cluster="prod",vault_node="vault-0"} ${NOW / 1000 + 60}`,
      `sealwatch_node_certificate_name_mismatch{vault_cluster="prod",vault_node="vault-0"} 1`,
      `sealwatch_node_certificate_trusted{vault_cluster="prod",vault_node="vault-0"} 0`,
    ]);
  });

  it("has no certificate when it speaks plain HTTP", async () => {
    const lines = await linesOf([
      { name: "vault-0", state: "active", listener: { tlsMs: undefined, certificate: undefined } },
    ]);

    expect(lines.filter((line) => line.includes("_certificate_"))).toEqual([]);
    expect(readMetric(lines, "probe_duration_seconds")).toEqual({
      'phase="resolve"': 0.001,
      'phase="connect"': 0.002,
      'phase="health"': 0,
    });
  });

  it("tells how long each phase took, and leaves out those that came to no end", async () => {
    expect(await told("probe_duration_seconds", {})).toEqual({
      'phase="resolve"': 0.001,
      'phase="connect"': 0.002,
      'phase="tls"': 0.004,
      'phase="health"': 0,
    });
    expect(await told("probe_duration_seconds", { state: "frozen" })).toEqual({});
  });
});

describe("the leader in a node's eyes", () => {
  const standby = (leaderAddress: string): FakeNode => ({
    name: "vault-1",
    state: "standby",
    leader: { leaderAddress },
  });
  const named = async (...nodes: readonly FakeNode[]) =>
    only(await linesOf(nodes), "node_leader_info").map((line) => /vault_node=(?<pair>.*)\} 1$/u.exec(line)?.[1]);

  it("is the node itself when it says so", async () => {
    expect(await named({ name: "vault-0", state: "active" })).toEqual([`"vault-0",leader_node="vault-0"`]);
  });

  it.each([
    { name: "by the configured address", address: "https://vault-0:8200", leader: "vault-0" },
    { name: "by the configured address, written otherwise", address: "https://VAULT-0:8200/", leader: "vault-0" },
    { name: "as nobody of ours", address: "https://elsewhere:8200", leader: "" },
    { name: "as nobody of ours, by what is no address", address: "not an address", leader: "" },
  ])("is a configured node's name: $name", async ({ address, leader }) => {
    const nodes = [{ name: "vault-0", state: "unreachable" as const }, standby(address)];

    expect(await named(...nodes)).toEqual([`"vault-1",leader_node="${leader}"`]);
  });

  it("is found by the address that the leader gives itself, as a pod does", async () => {
    const pod = "https://10.0.0.7:8200";

    expect(await named({ name: "vault-0", state: "active", leader: { leaderAddress: pod } }, standby(pod))).toEqual([
      `"vault-0",leader_node="vault-0"`,
      `"vault-1",leader_node="vault-0"`,
    ]);
  });

  it("is not there while the node knows of none, and the page says that it knows of none", async () => {
    const lines = await linesOf([{ name: "vault-0", state: "standby", leader: { leaderAddress: "" } }]);

    expect(only(lines, "node_leader_known", "node_leader_info")).toEqual([
      `sealwatch_node_leader_known{vault_cluster="prod",vault_node="vault-0"} 0`,
    ]);
  });

  it("is the node itself without high availability", async () => {
    const alone = { haEnabled: false, isSelf: false, leaderAddress: "" };
    const lines = await linesOf([{ name: "vault-0", state: "active", leader: alone }]);

    expect(only(lines, "node_leader_known", "node_active", "node_leader_info")).toEqual([
      `sealwatch_node_active{vault_cluster="prod",vault_node="vault-0"} 1`,
      `sealwatch_node_leader_known{vault_cluster="prod",vault_node="vault-0"} 1`,
      `sealwatch_node_leader_info{vault_cluster="prod",vault_node="vault-0",leader_node="vault-0"} 1`,
    ]);
  });
});

describe("the counts of a cluster", () => {
  const counted = async (...nodes: readonly FakeNode[]) =>
    Object.fromEntries(
      (await linesOf(nodes))
        .filter((line) => line.startsWith("sealwatch_cluster_"))
        .map((line) => [/^sealwatch_cluster_(?<name>[a-z_]+)/u.exec(line)?.[1], Number(line.split("} ")[1])]),
    );

  it("are all there when every node is in another state", async () => {
    expect(
      await counted(
        { name: "vault-0", state: "active" },
        { name: "vault-1", state: "standby", health: { version: "2.7.2" } },
        { name: "vault-2", state: "sealed" },
        { name: "vault-3", state: "uninitialized", health: { version: "" }, seal: { version: "" } },
        { name: "vault-4", state: "unreachable" },
      ),
    ).toEqual({ reachable_nodes: 4, unsealed_nodes: 2, active_nodes: 1, versions: 2, leader_views: 1 });
  });

  it("are zero and not absent when no node answers", async () => {
    expect(await counted({ name: "vault-0", state: "unreachable" })).toEqual({
      reachable_nodes: 0,
      unsealed_nodes: 0,
      active_nodes: 0,
      versions: 0,
      leader_views: 0,
    });
  });

  it("tell a real split, in which two nodes lead by their own word", async () => {
    const leader = { leaderAddress: "https://vault-1:8200" };

    expect(
      await counted({ name: "vault-0", state: "active" }, { name: "vault-1", state: "active", leader }),
    ).toMatchObject({ active_nodes: 2, leader_views: 2 });
  });

  it("tell a standby that goes on naming a dead leader from a split", async () => {
    expect(
      await counted(
        { name: "vault-0", state: "unreachable" },
        { name: "vault-1", state: "active", leader: { leaderAddress: "https://vault-1:8200" } },
        { name: "vault-2", state: "standby", leader: { leaderAddress: "https://vault-0:8200" } },
      ),
    ).toMatchObject({ active_nodes: 1, leader_views: 2 });
  });

  it("take a leader that two nodes name by two addresses for one", async () => {
    const pod = "https://10.0.0.7:8200";

    expect(
      await counted(
        { name: "vault-0", state: "active", leader: { leaderAddress: pod } },
        { name: "vault-1", state: "standby", leader: { leaderAddress: "https://vault-0:8200" } },
      ),
    ).toMatchObject({ leader_views: 1 });
  });
});
