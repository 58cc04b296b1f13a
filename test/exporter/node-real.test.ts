import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { createLeadershipCollector } from "../../src/exporter/collectors/leadership.ts";
import { createNodeCollector } from "../../src/exporter/collectors/node.ts";
import type { OpenBaoCluster, OpenBaoNode } from "../../src/sandbox/openbao/openbao.ts";
import { waitFor } from "../../src/sandbox/wait-for.ts";
import type { VaultCluster } from "../../src/vault/cluster.ts";
import { createVaultCluster, type ClusterAddress } from "../../src/vault/create-cluster.ts";
import { openBaoForTest } from "../support/openbao.ts";
import { describeWith } from "../support/real.ts";
import { serve, type Served } from "./serve.ts";

const collectors = [createNodeCollector(), createLeadershipCollector()];

type Page = { readonly text: string; readonly get: (series: string) => number | undefined };

describeWith(["openbao", "openssl"], "what a real cluster of three tells without a token", () => {
  let bao: OpenBaoCluster;
  let served: Served;
  const started = new AsyncDisposableStack();

  beforeAll(async () => {
    bao = started.use(await openBaoForTest({ nodes: 3 }));
    const vault = started.adopt(withoutToken(bao), async (cluster) => await cluster.close());
    served = started.use(await serve({ clusters: [vault], collectors, clock: { now: () => Date.now() } }));
  });

  afterAll(async () => {
    await started.disposeAsync();
  });

  const scrape = async (seconds = 9): Promise<Page> => {
    const headers = { "X-Prometheus-Scrape-Timeout-Seconds": String(seconds) };
    const text = await (await fetch(`${served.url}/metrics`, { headers })).text();
    const series = [...text.matchAll(/^sealwatch_(?<series>\S+) (?<value>\S+)$/gmu)];
    const values = new Map(series.map(({ groups }) => [groups?.["series"] ?? "", Number(groups?.["value"])]));
    return { text, get: (name) => values.get(name) };
  };
  const of = (name: string, node: OpenBaoNode, more = ""): string =>
    `${name}{vault_cluster="prod",vault_node="${node.name}"${more}}`;
  const cluster = (name: string): string => `cluster_${name}{vault_cluster="prod"}`;
  const stateOf = ({ text }: Page, node: OpenBaoNode): string | undefined =>
    new RegExp(`^sealwatch_node_state[{].*vault_node="${node.name}",state="(.*)"[}] 1$`, "mu").exec(text)?.[1];
  const leaderNamedBy = ({ text }: Page, node: OpenBaoNode): string | undefined =>
    new RegExp(`^sealwatch_node_leader_info[{].*vault_node="${node.name}",leader_node="(.*)"[}] 1$`, "mu").exec(
      text,
    )?.[1];

  const standby = async (): Promise<OpenBaoNode> => {
    const active = await bao.activeNode();
    const found = bao.nodes.find(({ name }) => name !== active.name);
    if (found === undefined) throw new Error("a cluster of three has no standby");
    return found;
  };

  /** Waits until all three serve, follow one leader and name it. */
  const untilWell = async (): Promise<Page> =>
    waitFor("three nodes that name one leader", async () => {
      const page = await scrape();
      const named = new Set(bao.nodes.map((node) => leaderNamedBy(page, node)));
      const open = page.get(cluster("unsealed_nodes")) === 3 && page.get(cluster("active_nodes")) === 1;
      return open && named.size === 1 && !named.has(undefined) ? page : undefined;
    });

  it("is one leader, named by all and since when it leads, one version, and certificates that are in order", async () => {
    const page = await untilWell();
    const active = await bao.activeNode();

    expect(bao.nodes.map((node) => stateOf(page, node))).toEqual(
      bao.nodes.map(({ name }) => (name === active.name ? "active" : "standby")),
    );
    expect(bao.nodes.map((node) => leaderNamedBy(page, node))).toEqual(bao.nodes.map(() => active.name));
    expect(page.get(of("cluster_leader_info", active))).toBe(1);
    expect(page.get(cluster("leader_since_timestamp_seconds"))).toBeLessThanOrEqual(Date.now() / 1000);
    expect(page.get(cluster("leader_since_timestamp_seconds"))).toBeGreaterThan(Date.now() / 1000 - 600);
    expect(page.get(cluster("leader_changes_total"))).toBe(0);
    expect(page.get(cluster("versions"))).toBe(1);
    for (const node of bao.nodes) {
      expect(page.get(of("node_product_info", node, ',product="openbao",enterprise="false"'))).toBe(1);
      expect(page.get(of("node_certificate_trusted", node))).toBe(1);
      expect(page.get(of("node_certificate_name_mismatch", node))).toBe(0);
      expect(page.get(of("node_certificate_not_after_timestamp_seconds", node))).toBeGreaterThan(Date.now() / 1000);
      expect(page.get(of("node_probe_duration_seconds", node, ',phase="tls"'))).toBeGreaterThan(0);
    }
  });

  it("writes nothing into the servers' logs by looking at their certificates", async () => {
    await Promise.all(Array.from({ length: 5 }, () => scrape()));

    for (const node of bao.nodes) {
      const lines = (await node.log()).split("\n");
      expect(lines.filter((line) => /TLS handshake error|http: /u.test(line))).toEqual([]);
    }
  });

  it("counts an unseal that was begun again, and not one that goes on", async () => {
    const node = await standby();
    const restarts = of("node_seal_nonce_changes_total", node);
    const [share = "", other = ""] = bao.unsealKeys;
    await node.seal();
    expect(stateOf(await scrape(), node)).toBe("sealed");

    await node.unsealWith(share);
    expect((await scrape()).get(restarts)).toBe(0);

    await bao.call(node, "PUT", "sys/unseal", { reset: true }, "");
    expect((await scrape()).get(restarts)).toBe(0);
    await node.unsealWith(other);
    const begunAgain = await scrape();

    expect(begunAgain.get(restarts)).toBe(1);
    expect(begunAgain.get(of("node_seal_progress", node))).toBe(1);
    await node.unseal();
    expect((await untilWell()).get(restarts)).toBe(1);
  });

  it("counts a step-down as one change of the leader, however many scrapes see it at once", async () => {
    const before = (await untilWell()).get(cluster("leader_changes_total")) ?? Number.NaN;
    const old = await bao.activeNode();

    await bao.call(old, "PUT", "sys/step-down");
    await waitFor("another active node", async () => ((await bao.activeNode()).name === old.name ? undefined : true));
    await Promise.all(Array.from({ length: 4 }, () => scrape()));
    const page = await untilWell();

    const active = await bao.activeNode();
    expect(page.get(cluster("leader_changes_total"))).toBe(before + 1);
    expect(page.get(of("cluster_leader_info", active))).toBe(1);
    expect(page.get(of("cluster_leader_info", old))).toBeUndefined();
  });

  it("tells a frozen leader from a sealed one, in time, and counts the leader after it once, even when it wakes", async () => {
    const before = (await untilWell()).get(cluster("leader_changes_total")) ?? Number.NaN;
    const old = await bao.activeNode();

    old.suspend();
    // The first calls go over kept connections and the next ones over new ones; a scrape that is late has no state at all.
    for (const page of [await scrape(2), await scrape(2), await scrape(2)]) {
      expect(stateOf(page, old)).toBe("unreachable");
      expect(page.get(of("node_failure_info", old, ',reason="timeout"'))).toBe(1);
      expect(page.get(of("node_certificate_trusted", old))).toBeUndefined();
    }
    await waitFor("a leader after the frozen one", async () => {
      const page = await scrape(2);
      return page.get(cluster("active_nodes")) === 1 ? page : undefined;
    });
    old.resume();

    const page = await untilWell();
    expect(page.get(cluster("leader_changes_total"))).toBe(before + 1);
    expect(page.get(of("cluster_leader_info", await bao.activeNode()))).toBe(1);
  });

  it("names the dead leader still, in the eyes of the last node, while nobody leads", async () => {
    const before = (await untilWell()).get(cluster("leader_changes_total"));
    const dead = await bao.activeNode();
    const [other, last] = bao.nodes.filter(({ name }) => name !== dead.name);
    await other?.kill();
    await dead.kill();

    const page = await scrape();

    expect(page.get(cluster("active_nodes"))).toBe(0);
    expect(last && leaderNamedBy(page, last)).toBe(dead.name);
    expect(page.get(cluster("leader_views"))).toBe(1);
    expect(page.text).not.toContain("sealwatch_cluster_leader_info{");
    expect(page.get(cluster("leader_changes_total"))).toBe(before);
  });
});

/** Our view of the cluster without any token: what these collectors say must not need one. */
function withoutToken(bao: OpenBaoCluster): VaultCluster {
  const nodes = bao.nodes.map(({ name, address }) => ({ name, address }));
  const config: ClusterAddress = { name: "prod", product: "auto", nodes, tls: { caFile: bao.caFile } };
  return createVaultCluster(config, { identityMemory: { load: () => undefined, save: () => {} } });
}
