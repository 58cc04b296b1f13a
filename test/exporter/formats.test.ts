import { once } from "node:events";
import { request } from "node:http";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "@jest/globals";
import type { Collector } from "../../src/exporter/collector.ts";
import { createLeadershipCollector } from "../../src/exporter/collectors/leadership.ts";
import { createNodeCollector } from "../../src/exporter/collectors/node.ts";
import { compat } from "../../src/exporter/compat.ts";
import { expose } from "../../src/exporter/expose.ts";
import { gauge, withValue } from "../../src/exporter/family.ts";
import { waitFor } from "../../src/sandbox/wait-for.ts";
import { startPrometheus } from "../support/prometheus.ts";
import { describeWith } from "../support/real.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { fakeCluster, type FakeCluster } from "./fake-cluster.ts";
import { openMetricsMistakes } from "./openmetrics-check.ts";
import { serve } from "./serve.ts";

const OPENMETRICS = "application/openmetrics-text;version=1.0.0";
const strange = gauge("sealwatch_strange", 'A "help" with a \\ and\na second line.');
const collectors: readonly Collector[] = [
  createNodeCollector(),
  createLeadershipCollector(),
  compat,
  { name: "strange", help: "x", families: [strange], policy: [], collect: async () => [withValue(strange, 0.5)] },
];

function cluster(): FakeCluster {
  return fakeCluster({
    nodes: [
      { name: "vault-0", state: "active" },
      { name: "vault-1", state: "sealed" },
      { name: "vault-2", state: "unreachable" },
    ],
  });
}

/** Asks without fetch's own headers, and gives the bytes as they came. */
async function raw(url: string, headers: Record<string, string>, method = "GET") {
  const [response] = (await once(request(url, { method, headers }).end(), "response")) as [
    AsyncIterable<Buffer> & { readonly statusCode: number; readonly headers: Record<string, string | undefined> },
  ];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return { status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) };
}

describe("a page in OpenMetrics", () => {
  it("is right by the letter, with histograms, counters and strange help", async () => {
    await using served = await serve({ clusters: [cluster()], collectors });

    const { headers, body } = await raw(`${served.url}/metrics`, { accept: OPENMETRICS });

    const page = body.toString("utf8");
    expect(headers["content-type"]).toBe("application/openmetrics-text; version=1.0.0; charset=utf-8");
    expect(openMetricsMistakes(page)).toEqual([]);
    expect(page).toContain("# TYPE sealwatch_cluster_leader_changes counter\n");
    expect(page).toContain(`sealwatch_cluster_leader_changes_total{vault_cluster="prod"} 0\n`);
    expect(page).toContain("# TYPE process_cpu_user_seconds counter\nprocess_cpu_user_seconds_total ");
    expect(page).toContain(`# HELP sealwatch_strange A \\"help\\" with a \\\\ and\\na second line.\n`);
  });

  it("and in text after it, from the same process' metrics, keeps the counters' names", async () => {
    await using served = await serve({ clusters: [cluster()], collectors });

    await raw(`${served.url}/metrics`, { accept: OPENMETRICS });
    const text = (await raw(`${served.url}/metrics`, {})).body.toString("utf8");

    expect(text).toContain("# TYPE process_cpu_user_seconds_total counter\nprocess_cpu_user_seconds_total ");
    expect(text).not.toContain("# EOF");
  });

  it.each([
    { name: "no end", page: "# HELP a A\n# TYPE a gauge\na 1\n" },
    { name: "an empty line", page: "# TYPE a gauge\na 1\n\n# EOF\n" },
    { name: "a counter without _total", page: "# TYPE a counter\na 1\n# EOF\n" },
    { name: "a bare quote in help", page: '# HELP a "A"\n# TYPE a gauge\na 1\n# EOF\n' },
    { name: "a family in two places", page: "# TYPE a gauge\na 1\n# TYPE b gauge\nb 1\n# TYPE a gauge\na 2\n# EOF\n" },
    { name: "clashing names", page: "# TYPE a counter\na_total 1\n# TYPE a_total gauge\na_total 1\n# EOF\n" },
    { name: "a series twice", page: '# TYPE a gauge\na{b="c"} 1\na{b="c"} 2\n# EOF\n' },
  ])("would be seen to have $name", ({ page }) => {
    expect(openMetricsMistakes(page)).not.toEqual([]);
  });

  it("writes a series once that a bug gives twice", () => {
    const twice = { ...strange, samples: [{ value: 1 }, { value: 2 }] };

    expect(expose([twice]).match(/^sealwatch_strange /gmu)).toHaveLength(1);
  });
});

describe("compression", () => {
  it.each([
    { accept: "gzip", encoding: "gzip" },
    { accept: "deflate, gzip;q=0.5", encoding: "gzip" },
    { accept: "*", encoding: "gzip" },
    { accept: "gzip;q=0", encoding: undefined },
    { accept: "identity", encoding: undefined },
    { accept: "br", encoding: undefined },
    { accept: "gzip;q=0.1, identity;q=1", encoding: undefined },
    { accept: undefined, encoding: undefined },
  ])("Accept-Encoding $accept: $encoding", async ({ accept, encoding }) => {
    await using served = await serve({ clusters: [cluster()], collectors });
    const headers: Record<string, string> = accept === undefined ? {} : { "accept-encoding": accept };

    const answer = await raw(`${served.url}/metrics`, headers);

    expect(answer.headers["content-encoding"]).toBe(encoding);
    expect(answer.headers["vary"]).toBe("Accept, Accept-Encoding");
    const page = encoding === "gzip" ? gunzipSync(answer.body) : answer.body;
    expect(page.toString("utf8")).toContain(`sealwatch_node_up{vault_cluster="prod",vault_node="vault-0"} 1\n`);
  });
});

describe("HEAD", () => {
  it("has the headers of the page, and nobody is asked for it", async () => {
    const asked: string[] = [];
    const watched: Collector = {
      ...compat,
      collect: async () => {
        asked.push("asked");
        return [];
      },
    };
    await using served = await serve({ clusters: [cluster()], collectors: [watched] });

    for (const path of ["/metrics", "/probe?target=prod"]) {
      const { status, headers, body } = await raw(
        served.url + path,
        { accept: OPENMETRICS, "accept-encoding": "gzip" },
        "HEAD",
      );
      expect([status, body.length, headers["content-encoding"]]).toEqual([200, 0, "gzip"]);
      expect(headers["content-type"]).toContain("openmetrics");
    }
    expect((await raw(`${served.url}/probe?target=nobody`, {}, "HEAD")).status).toBe(400);
    expect(asked).toEqual([]);
  });
});

describe("--compat-metrics", () => {
  it("gives the nine old names with their old meaning, of each node", async () => {
    const clusters = [
      fakeCluster({
        nodes: [
          {
            name: "vault-0",
            state: "active",
            health: { replicationDrMode: "primary", replicationPerformanceMode: "secondary", version: "1.20.0+ent" },
          },
          { name: "vault-1", state: "sealed" },
          { name: "vault-2", state: "unreachable" },
        ],
      }),
    ];
    await using served = await serve({ clusters, collectors: [compat] });

    const page = (await raw(`${served.url}/probe?target=prod`, {})).body.toString("utf8");

    expect(page.split("\n").filter((line) => line.startsWith("vault_"))).toEqual([
      `vault_up{vault_cluster="prod",vault_node="vault-0"} 1`,
      `vault_up{vault_cluster="prod",vault_node="vault-1"} 1`,
      `vault_up{vault_cluster="prod",vault_node="vault-2"} 0`,
      `vault_initialized{vault_cluster="prod",vault_node="vault-0"} 1`,
      `vault_initialized{vault_cluster="prod",vault_node="vault-1"} 1`,
      `vault_sealed{vault_cluster="prod",vault_node="vault-0"} 0`,
      `vault_sealed{vault_cluster="prod",vault_node="vault-1"} 1`,
      `vault_standby{vault_cluster="prod",vault_node="vault-0"} 0`,
      `vault_standby{vault_cluster="prod",vault_node="vault-1"} 1`,
      `vault_replication_dr_primary{vault_cluster="prod",vault_node="vault-0"} 1`,
      `vault_replication_dr_primary{vault_cluster="prod",vault_node="vault-1"} 0`,
      `vault_replication_dr_secondary{vault_cluster="prod",vault_node="vault-0"} 0`,
      `vault_replication_dr_secondary{vault_cluster="prod",vault_node="vault-1"} 0`,
      `vault_replication_performance_primary{vault_cluster="prod",vault_node="vault-0"} 0`,
      `vault_replication_performance_primary{vault_cluster="prod",vault_node="vault-1"} 0`,
      `vault_replication_performance_secondary{vault_cluster="prod",vault_node="vault-0"} 1`,
      `vault_replication_performance_secondary{vault_cluster="prod",vault_node="vault-1"} 0`,
      `vault_info{vault_cluster="prod",vault_node="vault-0",version="1.20.0+ent",cluster_name="vault-cluster-1",cluster_id="11111111-2222-3333-4444-555555555555"} 1`,
      `vault_info{vault_cluster="prod",vault_node="vault-1",version="2.6.2",cluster_name="",cluster_id=""} 1`,
    ]);
  });
});

describeWith(["prometheus"], "a real Prometheus", () => {
  it("takes the page in OpenMetrics and a probe, and loses no sample of them", async () => {
    await using directory = await temporaryDirectory();
    await using served = await serve({ clusters: [cluster()], collectors });
    const targets = [new URL(served.url).host];
    const scrapes = [
      { job: "all", targets },
      { job: "node", targets, path: "/probe", params: { target: ["prod/vault-1"] } },
    ];
    await using prometheus = await startPrometheus({ directory: directory.path, scrape: scrapes, rules: [] });
    const value = async (query: string): Promise<number | undefined> => (await prometheus.query(query))[0]?.value;

    await waitFor("both scraped", async () => ((await value("sum(up)")) === 2 ? true : undefined), { everyMs: 100 });

    const page = (await raw(`${served.url}/metrics`, { accept: OPENMETRICS })).body.toString("utf8");
    const samples = page.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    expect(await value(`scrape_samples_post_metric_relabeling{job="all"}`)).toBe(
      await value(`scrape_samples_scraped{job="all"}`),
    );
    expect(Math.abs(((await value(`scrape_samples_scraped{job="all"}`)) ?? 0) - samples.length)).toBeLessThan(20);
    expect(await value("sealwatch_strange")).toBe(0.5);
    expect(await value(`sealwatch_cluster_leader_changes_total{vault_cluster="prod"}`)).toBe(0);
    expect(await value(`sealwatch_node_sealed{job="node",vault_node="vault-1"}`)).toBe(1);
    expect(await prometheus.query(`{job="node",__name__=~"sealwatch_cluster_.*"}`)).toEqual([]);
  });
});
