import { describe, expect, it } from "@jest/globals";
import type { Collector } from "../../src/exporter/collector.ts";
import { createNodeCollector } from "../../src/exporter/collectors/node.ts";
import { raft } from "../../src/exporter/collectors/raft.ts";
import { gauge, withValue } from "../../src/exporter/family.ts";
import { silentLogger, type LogFacts } from "../../src/lib/logger.ts";
import { fakeCluster } from "./fake-cluster.ts";
import { serve } from "./serve.ts";

const family = gauge("sealwatch_something", "Something.");

const collector = (collect: Collector["collect"], name = "one"): Collector => ({
  name,
  help: "A collector of this test.",
  families: [family],
  policy: [],
  collect,
});

const ours = (page: string): readonly string[] =>
  page.split("\n").filter((line) => line.startsWith("sealwatch_") && !line.startsWith("sealwatch_build_info"));

describe("GET /metrics", () => {
  it("writes every cluster's families on one page, with the expected nodes and each collector's success", async () => {
    const clusters = [
      fakeCluster({ name: "prod", nodes: [{ name: "vault-0", state: "active" }] }),
      fakeCluster({ name: "stage", nodes: [{ name: "vault-0", state: "sealed" }] }),
    ];
    const collectors = [
      collector(async () => [withValue(family, 7)]),
      collector(() => Promise.reject(new Error("a bug")), "bad"),
    ];
    await using served = await serve({ clusters, collectors });

    const response = await fetch(`${served.url}/metrics`);

    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect((await response.text()).split("# HELP process_cpu_user_seconds_total")[0])
      .toBe(`# HELP sealwatch_cluster_expected_nodes How many nodes there should be: what is configured, else the most that there ever were since the start. Always a sample for every configured cluster, whatever fails, so that absence of others can be an alert.
# TYPE sealwatch_cluster_expected_nodes gauge
sealwatch_cluster_expected_nodes{vault_cluster="prod"} 1
sealwatch_cluster_expected_nodes{vault_cluster="stage"} 1

# HELP sealwatch_collector_success 1 if the collector could read all of its subject in this scrape, 0 if a part or all of it is missing.
# TYPE sealwatch_collector_success gauge
sealwatch_collector_success{vault_cluster="prod",collector="one"} 1
sealwatch_collector_success{vault_cluster="prod",collector="bad"} 0
sealwatch_collector_success{vault_cluster="stage",collector="one"} 1
sealwatch_collector_success{vault_cluster="stage",collector="bad"} 0

# HELP sealwatch_collector_duration_seconds How long the collector took in this scrape.
# TYPE sealwatch_collector_duration_seconds gauge
sealwatch_collector_duration_seconds{vault_cluster="prod",collector="one"} 0
sealwatch_collector_duration_seconds{vault_cluster="prod",collector="bad"} 0
sealwatch_collector_duration_seconds{vault_cluster="stage",collector="one"} 0
sealwatch_collector_duration_seconds{vault_cluster="stage",collector="bad"} 0

# HELP sealwatch_collector_last_success_timestamp_seconds When the collector last read all of its subject, in any scrape since this program started, Unix time; 0 when it never did.
# TYPE sealwatch_collector_last_success_timestamp_seconds gauge
sealwatch_collector_last_success_timestamp_seconds{vault_cluster="prod",collector="one"} 1795316520
sealwatch_collector_last_success_timestamp_seconds{vault_cluster="prod",collector="bad"} 0
sealwatch_collector_last_success_timestamp_seconds{vault_cluster="stage",collector="one"} 1795316520
sealwatch_collector_last_success_timestamp_seconds{vault_cluster="stage",collector="bad"} 0

# HELP sealwatch_something Something.
# TYPE sealwatch_something gauge
sealwatch_something{vault_cluster="prod"} 7
sealwatch_something{vault_cluster="stage"} 7
`);
  });

  it("answers by the deadline that Prometheus told, with the expected nodes, though everything hangs", async () => {
    const told: number[] = [];
    const clusters = [fakeCluster({ nodes: [{ name: "vault-0", state: "frozen" }] })];
    const collectors = [collector(() => new Promise(() => {}))];
    const deadline = (milliseconds: number): AbortSignal => {
      told.push(milliseconds);
      return AbortSignal.abort();
    };
    await using served = await serve({ clusters, collectors, deadline });

    const response = await fetch(`${served.url}/metrics`, { headers: { "X-Prometheus-Scrape-Timeout-Seconds": "3" } });

    expect(told).toEqual([2500]);
    expect(response.status).toBe(200);
    expect(ours(await response.text())).toEqual([
      `sealwatch_cluster_expected_nodes{vault_cluster="prod"} 1`,
      `sealwatch_collector_success{vault_cluster="prod",collector="one"} 0`,
      `sealwatch_collector_duration_seconds{vault_cluster="prod",collector="one"} 0`,
      `sealwatch_collector_last_success_timestamp_seconds{vault_cluster="prod",collector="one"} 0`,
    ]);
  });

  it("keeps the whole view of the nodes when one of them is frozen and no token works", async () => {
    const clusters = [
      fakeCluster({
        nodes: [
          { name: "vault-0", state: "denied" },
          { name: "vault-1", state: "frozen" },
        ],
      }),
    ];
    await using served = await serve({
      clusters,
      collectors: [createNodeCollector(), raft],
      timeouts: { defaultMs: 100, offsetMs: 0 },
    });

    const page = ours(await (await fetch(`${served.url}/metrics`)).text());

    expect(page).toEqual(
      expect.arrayContaining([
        `sealwatch_collector_success{vault_cluster="prod",collector="node"} 1`,
        `sealwatch_collector_success{vault_cluster="prod",collector="raft"} 0`,
        `sealwatch_node_up{vault_cluster="prod",vault_node="vault-0"} 1`,
        `sealwatch_node_up{vault_cluster="prod",vault_node="vault-1"} 0`,
        `sealwatch_cluster_active_nodes{vault_cluster="prod"} 1`,
      ]),
    );
  });

  it("stops asking Vault when nobody waits for the page any more, and calls that no failure", async () => {
    const warnings: LogFacts[] = [];
    const { promise: started, resolve: start } = Promise.withResolvers<void>();
    const { promise: stopped, resolve: stop } = Promise.withResolvers<void>();
    const waiting = collector(async ({ signal }) => {
      signal.addEventListener("abort", () => stop());
      start();
      await stopped;
      throw new Error("cut off");
    });
    await using served = await serve({
      clusters: [fakeCluster({ nodes: [] })],
      collectors: [waiting],
      deadline: () => new AbortController().signal,
      logger: { ...silentLogger, warn: (_message, facts) => warnings.push(facts ?? {}) },
    });
    const leaving = new AbortController();
    const request = fetch(`${served.url}/metrics`, { signal: leaving.signal });

    await started;
    leaving.abort();

    await expect(request).rejects.toThrow("aborted");
    await stopped;
    await (await fetch(`${served.url}/-/healthy`)).text();
    expect(warnings).toEqual([]);
  });

  it("tells a page that cannot be written from an empty one, without the reason's text", async () => {
    const errors: LogFacts[] = [];
    const broken = collector(async () => [{ ...withValue(family, 1), name: "sealwatch_not a name" as const }]);
    await using served = await serve({
      clusters: [fakeCluster({ nodes: [] })],
      collectors: [broken],
      logger: { ...silentLogger, error: (_message, facts) => errors.push(facts ?? {}) },
    });

    const response = await fetch(`${served.url}/metrics`);

    expect(response.status).toBe(500);
    expect(await response.text()).toBe("cannot write the page of metrics: see the log of sealwatch\n");
    expect(errors).toEqual([{ cause: `"sealwatch_not a name" is no name of a metric` }]);
  });
});

describe("every other path and method", () => {
  it.each([
    { method: "GET", path: "/" },
    { method: "GET", path: "/runs" },
    { method: "POST", path: "/metrics" },
    { method: "POST", path: "/-/reload" },
  ])("leaves $method $path to others", async ({ method, path }) => {
    await using served = await serve({});

    const response = await fetch(served.url + path, { method });

    expect([response.status, await response.text()]).toEqual([404, "not the router's"]);
  });

  it("answers HEAD like GET, without the page", async () => {
    await using served = await serve({});

    const response = await fetch(`${served.url}/metrics`, { method: "HEAD" });

    expect([response.status, await response.text()]).toEqual([200, ""]);
  });
});
