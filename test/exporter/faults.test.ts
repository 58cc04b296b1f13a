import { afterEach, describe, expect, it } from "@jest/globals";
import { createCollectors } from "../../src/exporter/registry.ts";
import { startSimulatedCluster } from "../../src/sandbox/vault/start-simulated-cluster.ts";
import type { VaultCluster } from "../../src/vault/cluster.ts";
import { createVaultCluster } from "../../src/vault/create-cluster.ts";
import { faults } from "../vault/fault-servers.ts";
import { serve } from "./serve.ts";

/*
 * A whole scrape, every collector and Vault's own metrics too, while a node misbehaves in every way that a server can: the page comes in
 * time, it says what that node is, and nobody else's series are missing.
 */

const CANARY = "s.CANARY-exporter-faults-0001";
const collectors = createCollectors({ backups: [] });
const open: VaultCluster[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map(async (cluster) => await cluster.close()));
});

const clusterOf = (nodes: readonly { readonly name: string; readonly address: string }[]): VaultCluster => {
  const cluster = createVaultCluster(
    { name: "prod", product: "auto", clusterId: undefined, nodes: [...nodes], tls: {}, token: { env: "TOKEN" } },
    { identityMemory: { load: () => undefined, save: () => {} }, env: { TOKEN: CANARY } },
  );
  open.push(cluster);
  return cluster;
};

const scrape = async (cluster: VaultCluster, mode: "off" | "all"): Promise<string> => {
  await using served = await serve({
    clusters: [cluster],
    collectors,
    passthrough: { mode, include: [], exclude: [] },
    clock: { now: () => Date.now() },
  });
  const headers = { "X-Prometheus-Scrape-Timeout-Seconds": "4", Accept: "text/plain" };
  const response = await fetch(`${served.url}/metrics`, { headers, signal: AbortSignal.timeout(4000) });
  expect(response.status).toBe(200);
  return await response.text();
};

const successes = (page: string): readonly (string | undefined)[] =>
  [...page.matchAll(/^sealwatch_collector_success\{vault_cluster="prod",collector="(?<name>[^"]+)"\} [01]$/gmu)].map(
    ({ groups }) => groups?.["name"],
  );

describe.each(["off", "all"] as const)("a scrape with passthrough %s", (mode) => {
  it.each(faults)("ends in its time when the only node $name", async ({ start }) => {
    await using server = await start();

    const page = await scrape(clusterOf([{ name: "vault-0", address: server.address }]), mode);

    expect(page).toContain(`sealwatch_node_up{vault_cluster="prod",vault_node="vault-0"} 0\n`);
    expect(page).toMatch(/^sealwatch_node_state\{.*state="unreachable"\} 1$/mu);
    expect(page).toContain(`sealwatch_cluster_expected_nodes{vault_cluster="prod"} 1\n`);
    expect(successes(page)).toEqual(collectors.map(({ name }) => name));
    expect(page).not.toContain(CANARY);
  });

  it.each(faults)("loses nothing of the others when one of three $name", async ({ start }) => {
    await using healthy = await startSimulatedCluster({ clock: { now: () => Date.now() }, clusterName: "prod" });
    healthy.policy(CANARY, [{ path: "sys/*", capabilities: ["read", "list", "sudo"] }]);
    await using server = await start();
    const { nodes } = healthy;
    const [first, second] = nodes;
    if (first === undefined || second === undefined) throw new Error("a simulated cluster has nodes");

    const page = await scrape(clusterOf([first, second, { name: "odd", address: server.address }]), mode);

    for (const name of [
      "node",
      "leadership",
      "raft",
      "leases",
      "audit",
      "keyring",
      "ceremonies",
      "quotas",
      "own-token",
    ])
      expect(page).toContain(`sealwatch_collector_success{vault_cluster="prod",collector="${name}"} 1\n`);
    expect(page).toContain(`sealwatch_node_up{vault_cluster="prod",vault_node="odd"} 0\n`);
    expect(page).toContain(`sealwatch_cluster_active_nodes{vault_cluster="prod"} 1\n`);
    if (mode === "all") expect(page).toMatch(new RegExp(`^vault_core_active\\{.*vault_node="${first.name}"`, "mu"));
  });
});
