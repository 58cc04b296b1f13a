import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { createCollectors } from "../../src/exporter/registry.ts";
import type { OpenBaoCluster, OpenBaoNode } from "../../src/sandbox/openbao/openbao.ts";
import { waitFor } from "../../src/sandbox/wait-for.ts";
import type { VaultCluster } from "../../src/vault/cluster.ts";
import { openBaoForTest } from "../support/openbao.ts";
import { describeWith } from "../support/real.ts";
import { exporterView } from "./exporter-view.ts";
import { serve, type Served } from "./serve.ts";

const collectors = createCollectors({ backups: [] });
const system = { now: () => Date.now() };

describeWith(["openbao", "openssl"], "the exporter on a real cluster of three", () => {
  let bao: OpenBaoCluster;
  let vault: VaultCluster;
  let served: Served;

  beforeAll(async () => {
    bao = await openBaoForTest({ nodes: 3 });
    vault = await exporterView(bao, collectors);
    served = await serve({ clusters: [vault], collectors, clock: system });
  });

  afterAll(async () => {
    await served[Symbol.asyncDispose]();
    await vault.close();
    await bao[Symbol.asyncDispose]();
  });

  const values = async (): Promise<ReadonlyMap<string, number>> => {
    const page = await (await fetch(`${served.url}/metrics`)).text();
    const lines = page.matchAll(/^sealwatch_(?<series>\S+) (?<value>\S+)$/gmu);
    return new Map([...lines].map(({ groups }) => [groups?.["series"] ?? "", Number(groups?.["value"])]));
  };
  const cluster = (name: string): string => `${name}{vault_cluster="prod"}`;
  const of = (name: string, node: OpenBaoNode): string => `${name}{vault_cluster="prod",vault_node="${node.name}"}`;
  const peer = (name: string, node: OpenBaoNode): string =>
    `${name}{vault_cluster="prod",raft_node_id="${node.name}",vault_node="${node.name}"}`;

  /** Scrapes until the margin is as expected: autopilot and raft need a moment after a node came back. */
  const untilMargin = async (margin: number): Promise<ReadonlyMap<string, number>> =>
    waitFor(`a margin of ${margin}`, async () => {
      const page = await values();
      return page.get(cluster("raft_margin")) === margin ? page : undefined;
    });

  const standby = async (): Promise<OpenBaoNode> => {
    const active = await bao.activeNode();
    const [found] = bao.nodes.filter(({ name }) => name !== active.name);
    if (found === undefined) throw new Error("a cluster of three has no standby");
    return found;
  };

  it("reads everything with no more than the declared policy", async () => {
    const page = await waitFor("a page on which every collector succeeded", async () => {
      const read = await values();
      const all = collectors.every(
        ({ name }) => read.get(`collector_success{vault_cluster="prod",collector="${name}"}`) === 1,
      );
      return all && read.get(cluster("raft_margin")) === 1 ? read : undefined;
    });

    expect(page.get(cluster("cluster_active_nodes"))).toBe(1);
    expect(page.get(cluster("raft_voters"))).toBe(3);
    expect(page.get(cluster("raft_expected_margin"))).toBe(1);
    expect(page.get(cluster("leases_irrevocable"))).toBe(0);
    expect(page.get(of("node_seal_threshold", bao.nodes[0] as OpenBaoNode))).toBe(2);
  });

  it("counts the leases, of which our own token is one", async () => {
    const leases = await waitFor("a lease", async () => {
      const count = (await values()).get(cluster("leases"));
      return count === 0 ? undefined : count;
    });

    expect(leases).toBeGreaterThan(0);
  });

  it("sees a sealed node and the lost margin in the same scrape, seconds before autopilot does", async () => {
    const node = await standby();

    await node.seal();
    const page = await values();

    expect(page.get(of("node_up", node))).toBe(1);
    expect(page.get(of("node_sealed", node))).toBe(1);
    expect(page.has(of("node_standby", node))).toBe(false);
    expect(page.get(peer("raft_peer_healthy", node))).toBe(0);
    expect(page.get(cluster("raft_margin"))).toBe(0);
    expect(page.get(cluster("raft_autopilot_healthy"))).toBe(1);
  });

  it("counts the key shares that a sealed node was given", async () => {
    const page = await values();
    const [sealed] = bao.nodes.filter((node) => page.get(of("node_sealed", node)) === 1);
    if (sealed === undefined) throw new Error("no node is sealed");

    await sealed.unsealWith(bao.unsealKeys[0] ?? "");

    expect((await values()).get(of("node_seal_progress", sealed))).toBe(1);
    await sealed.unseal();
    expect((await untilMargin(1)).get(of("node_sealed", sealed))).toBe(0);
  });

  it("answers in time while a node is frozen, and says that it is unreachable and not sealed", async () => {
    const node = await standby();

    node.suspend();
    const response = await fetch(`${served.url}/metrics`, { headers: { "X-Prometheus-Scrape-Timeout-Seconds": "2" } });
    const page = await response.text();
    node.resume();

    expect(page).toContain(`sealwatch_${of("node_up", node)} 0\n`);
    expect(page).toContain(
      `sealwatch_node_failure_info{vault_cluster="prod",vault_node="${node.name}",reason="timeout"} 1\n`,
    );
    expect(page).not.toContain(`sealwatch_${of("node_sealed", node)}`);
    expect(page).toContain(`sealwatch_collector_success{vault_cluster="prod",collector="raft"} 1\n`);
    expect(page).toContain(`sealwatch_${cluster("raft_margin")} 0\n`);
    await untilMargin(1);
  });

  it("reads leases from the new active node, not from the old one that repeats its last number", async () => {
    const old = await bao.activeNode();
    await bao.call(old, "PUT", "sys/step-down");
    await waitFor("another active node", async () => ((await bao.activeNode()).name === old.name ? undefined : true));

    // A new leader has no gauge of leases for a moment: until then the collector says that it failed, and tells no number.
    const page = await waitFor("leases read from the new active node", async () => {
      const read = await values();
      return read.get(`collector_success{vault_cluster="prod",collector="leases"}`) === 1 ? read : undefined;
    });

    const active = await bao.activeNode();
    expect(page.get(of("node_active", old))).toBe(0);
    expect(page.get(of("node_active", active))).toBe(1);
    expect(page.get(cluster("leases"))).toBeGreaterThan(0);
  });

  it("says that no node is active when two of three are dead, and still names every node", async () => {
    const active = await bao.activeNode();
    for (const node of bao.nodes) if (node.name !== active.name) await node.kill();

    const page = await waitFor("no active node", async () => {
      const found = await values();
      return found.get(cluster("cluster_active_nodes")) === 0 ? found : undefined;
    });

    expect(page.get(cluster("cluster_expected_nodes"))).toBe(3);
    expect(page.get(cluster("cluster_reachable_nodes"))).toBe(1);
    expect(page.get(`collector_success{vault_cluster="prod",collector="node"}`)).toBe(1);
    expect(page.get(`collector_success{vault_cluster="prod",collector="raft"}`)).toBe(0);
    expect(bao.nodes.map((node) => page.get(of("node_up", node)))).toEqual(
      bao.nodes.map(({ name }) => Number(name === active.name)),
    );
  });
});
