import { describe, expect, it } from "@jest/globals";
import type { Collector } from "../../src/exporter/collector.ts";
import { createNodeCollector } from "../../src/exporter/collectors/node.ts";
import { createLeadershipCollector } from "../../src/exporter/collectors/leadership.ts";
import { raft } from "../../src/exporter/collectors/raft.ts";
import { gauge, withValue } from "../../src/exporter/family.ts";
import { fakeCluster, type FakeCluster } from "./fake-cluster.ts";
import { withoutHelp } from "./scrape.ts";
import { serve } from "./serve.ts";

const family = gauge("sealwatch_something", "Something.");
const something: Collector = {
  name: "something",
  help: "A collector of this test.",
  families: [family],
  policy: [],
  collect: async () => [withValue(family, 7)],
};

/** Two clusters; `vault-0` is in both. Every call to any of their nodes is counted. */
function world() {
  const asked: string[] = [];
  const cluster = (name: string, nodes: readonly string[]): FakeCluster => {
    const made = fakeCluster({
      name,
      nodes: nodes.map((node, index) => ({ name: node, state: index === 0 ? "active" : "standby" })),
    });
    const watched = made.nodes.map((node) => ({
      ...node,
      health: (options: Parameters<typeof node.health>[0]) => {
        asked.push(`${name}/${node.name}`);
        return node.health(options);
      },
      leader: (options: Parameters<typeof node.leader>[0]) => {
        asked.push(`${name}/${node.name}`);
        return node.leader(options);
      },
    }));
    return { ...made, nodes: watched };
  };
  const clusters = [cluster("prod", ["vault-0", "vault-1"]), cluster("stage", ["vault-0", "other-1"])];
  return { clusters, asked: () => [...new Set(asked)].sort() };
}

const collectors = [createNodeCollector(), createLeadershipCollector(), raft];

async function get(url: string): Promise<{ status: number; page: string }> {
  const response = await fetch(url);
  return { status: response.status, page: await response.text() };
}

describe("GET /probe", () => {
  it("shows one cluster, and asks no other", async () => {
    const { clusters, asked } = world();
    await using served = await serve({ clusters, collectors });

    const { status, page } = await get(`${served.url}/probe?target=prod`);

    expect(status).toBe(200);
    expect(page).toContain(`sealwatch_cluster_expected_nodes{vault_cluster="prod"} 2\n`);
    expect(page).toContain(`sealwatch_collector_success{vault_cluster="prod",collector="raft"} 1\n`);
    expect(page).not.toContain("stage");
    expect(asked()).toEqual(["prod/vault-0", "prod/vault-1"]);
  });

  it("leaves what the program says of itself to the program's own page", async () => {
    await using served = await serve({ clusters: world().clusters, collectors: [something] });

    expect((await get(`${served.url}/probe?target=prod`)).page).not.toContain("process_");
    expect((await get(`${served.url}/metrics`)).page).toContain("process_");
  });

  it.each([
    { name: "its cluster and name", target: "stage/vault-0" },
    { name: "its name alone, when no other node has it", target: "other-1" },
  ])("asks one node only, by $name, without a token and without a word about the cluster", async ({ target }) => {
    const { clusters, asked } = world();
    await using served = await serve({ clusters, collectors });

    const { status, page } = await get(`${served.url}/probe?target=${target}`);

    const full = target.includes("/") ? target : `stage/${target}`;
    const node = full.split("/")[1];
    expect(status).toBe(200);
    expect(asked()).toEqual([full]);
    expect(clusters.flatMap(({ calls }) => calls)).toEqual([]);
    expect(page).toContain(`sealwatch_node_up{vault_cluster="stage",vault_node="${node}"} 1\n`);
    expect(page).not.toContain("sealwatch_cluster_");
    const metrics = withoutHelp(page).split("\n");
    const others = metrics.filter((line) => !line.includes(`vault_node="${node}"`));
    expect(others.map((line) => line.split(" ")[0])).toEqual([
      `sealwatch_collector_success{vault_cluster="stage",collector="node"}`,
      `sealwatch_collector_duration_seconds{vault_cluster="stage",collector="node"}`,
    ]);
  });

  it("does not make a collector forget the cluster's other nodes", async () => {
    const { clusters } = world();
    await using served = await serve({ clusters, collectors });
    const leader = async (): Promise<string | undefined> =>
      (await get(`${served.url}/metrics`)).page.match(/^sealwatch_cluster_leader_changes_total.*"prod".*$/mu)?.[0];
    const before = await leader();

    await get(`${served.url}/probe?target=prod/vault-1`);

    expect(before).toMatch(/ 0$/u);
    expect(await leader()).toBe(before);
  });

  it("runs the module that is asked for", async () => {
    await using served = await serve({
      clusters: world().clusters,
      collectors,
      modules: { quick: { collectors: [something] } },
    });

    const { page } = await get(`${served.url}/probe?target=prod&module=quick`);

    expect(page.match(/^sealwatch_collector_success.*$/gmu)).toEqual([
      `sealwatch_collector_success{vault_cluster="prod",collector="something"} 1`,
    ]);
  });

  it("has the module's own deadline when Prometheus does not tell one", async () => {
    const told: number[] = [];
    const deadline = (milliseconds: number): AbortSignal => {
      told.push(milliseconds);
      return new AbortController().signal;
    };
    const modules = { slow: { collectors: [something], timeoutMs: 60_000 } };
    await using served = await serve({ clusters: world().clusters, modules, deadline });

    await get(`${served.url}/probe?target=prod&module=slow`);
    await fetch(`${served.url}/probe?target=prod&module=slow`, {
      headers: { "X-Prometheus-Scrape-Timeout-Seconds": "5" },
    });

    expect(told).toEqual([60_000, 4500]);
  });

  it.each([
    {
      name: "no target",
      query: "",
      says: "the query needs one target, the name of a cluster or of a node: /probe?target=NAME",
    },
    { name: "an empty target", query: "target=", says: "the query needs one target" },
    { name: "two targets", query: "target=prod&target=stage", says: "the query needs one target" },
    {
      name: "a misspelt cluster",
      query: "target=prdo",
      says: `"prdo": no cluster or node has this name; did you mean "prod"?`,
    },
    {
      name: "a misspelt node",
      query: "target=prod/vault-9",
      says: `no cluster or node has this name; did you mean "prod/vault-`,
    },
    {
      name: "a node's name that two clusters have",
      query: "target=vault-0",
      says: `"vault-0": several nodes have this name; write one of prod/vault-0, stage/vault-0`,
    },
    {
      name: "an address",
      query: "target=https://evil.example:8200",
      says: `"https://evil.example:8200": no cluster or node has this name`,
    },
    { name: "a node's own address", query: "target=https://vault-0:8200", says: "no cluster or node has this name" },
    { name: "a host and port", query: "target=127.0.0.1:8200", says: "no cluster or node has this name" },
    { name: "a name that every object has", query: "target=__proto__", says: "no cluster or node has this name" },
    { name: "another case", query: "target=PROD", says: `did you mean "prod"?` },
    {
      name: "an unknown module",
      query: "target=prod&module=qick",
      says: `no module is called "qick"; did you mean "quick"?`,
    },
    { name: "two modules", query: "target=prod&module=quick&module=default", says: "the query has several modules" },
    {
      name: "a module with nothing for one node",
      query: "target=prod/vault-0&module=quick",
      says: "module quick has nothing for a single node; probe the cluster",
    },
    {
      name: "an unknown parameter",
      query: "traget=prod",
      says: `there is no parameter "traget"; did you mean "target"?`,
    },
    { name: "a debug that is neither", query: "target=prod&debug=yes", says: "debug must be true or false" },
  ])("refuses $name, and calls nobody", async ({ query, says }) => {
    const { clusters, asked } = world();
    await using served = await serve({ clusters, collectors, modules: { quick: { collectors: [something] } } });

    const { status, page } = await get(`${served.url}/probe?${query}`);

    expect(status).toBe(400);
    expect(page).toMatch(/^cannot probe .*\n$/u);
    expect(page).toContain(says);
    expect(asked()).toEqual([]);
  });

  it("does not repeat a secret that was pasted as the target", async () => {
    const token = `hvs.${"a".repeat(24)}`;
    await using served = await serve({ clusters: world().clusters, collectors });

    const { status, page } = await get(`${served.url}/probe?target=${token}`);

    expect(status).toBe(400);
    expect(page).not.toContain(token);
  });

  it("refuses what comes while too many of the same are under way, and takes the next when one is done", async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const arrivals = Array.from({ length: 4 }, () => Promise.withResolvers<void>());
    let arrived = 0;
    const waiting: Collector = {
      ...something,
      collect: async () => {
        arrivals[arrived++]?.resolve();
        await released;
        return [];
      },
    };
    const { clusters } = world();
    await using served = await serve({
      clusters,
      collectors: [waiting],
      modules: { quick: { collectors: [something] } },
    });
    const url = `${served.url}/probe?target=prod`;
    const running = arrivals.map(async () => (await get(url)).status);
    await Promise.all(arrivals.map(async ({ promise }) => await promise));

    const refused = await fetch(url);
    const other = await get(`${served.url}/probe?target=prod&module=quick`);
    release();

    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "1"]);
    expect(await refused.text()).toBe("cannot scrape now: too many scrapes of this are under way; ask less often\n");
    expect(other.status).toBe(200);
    expect(await Promise.all(running)).toEqual([200, 200, 200, 200]);
    expect((await get(url)).status).toBe(200);
  });
});
