import { expect, it, jest } from "@jest/globals";
import { waitFor } from "../../../src/sandbox/wait-for.ts";
import { startPrometheus, type RunningPrometheus } from "../../support/prometheus.ts";
import { describeWith } from "../../support/real.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { carryOut, mended } from "./carry-out.ts";
import { startDrill } from "./drill-world.ts";
import { textOf } from "./path-of.ts";
import { endDrill } from "./record.ts";
import { saidBy, startWriter, writeMs } from "./slowness.ts";

jest.setTimeout(300_000);

const HOUR_SECONDS = 3600;
const EVERY_SECONDS = 15;
/** What the hour before was like: so many of each a second, each so many milliseconds long. */
const PER_SECOND = 20;
const CALM_MS = 4;
const SLOW_MS = 60;
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47]);

describeWith(["openbao", "prometheus", "promtool"], "high-latency on a real cluster that a Prometheus watches", () => {
  it("draws how requests, commits and leases went in the hour before, from what it has scraped of sealwatch itself", async () => {
    await using home = await temporaryDirectory();
    await using prometheus = await startPrometheus({
      directory: home.path,
      scrape: [],
      rules: [],
      past: calmHour(Date.now() / 1000),
    });
    await using world = await startDrill(
      { nodes: 3, tls: false, links: true },
      {
        config: () => ({
          prometheus: { url: prometheus.address },
          exporter: { passthrough: { mode: "active" } },
        }),
      },
    );
    const { app, cluster, slack } = world;
    await prometheus.scrape([{ job: "sealwatch", targets: [new URL(app.address).host], intervalMs: 2000 }]);
    const active = await cluster.activeNode();
    await using writer = await startWriter(cluster);
    await waitFor("scraped commits", async () => ((await commitMs(prometheus)) === undefined ? undefined : true), {
      timeoutMs: 60_000,
    });
    const others = cluster.nodes.filter((node) => node !== active);
    for (const { link } of others) link?.delay(SLOW_MS);
    await waitFor("slow commits", async () => (((await commitMs(prometheus)) ?? 0) > SLOW_MS ? true : undefined), {
      timeoutMs: 120_000,
      everyMs: 500,
    });

    const carried = await carryOut(
      world,
      { command: "runbook high-latency prod" },
      { repair: mended(async () => others.forEach(({ link }) => link?.mend())) },
    );

    expect(carried.ended.run).toMatchObject({ status: "finished", result: "resolved" });
    expect(await saidBy(world, carried.ended)).toContain("`network`: a write took ");
    const told = /^A request took 4 ms an hour ago, (?<now>[\d.]+) now; at most [\d.]+\.$/u.exec(
      textOf(carried.ended, "requests_before"),
    );
    expect(Number(told?.groups?.["now"])).toBeGreaterThan(CALM_MS);
    const commits = /^A commit took 4 ms an hour ago, (?<now>[\d.]+) now; at most [\d.]+\.$/u.exec(
      textOf(carried.ended, "commits_before"),
    );
    expect(Number(commits?.groups?.["now"])).toBeGreaterThan(SLOW_MS / 2);
    expect(textOf(carried.ended, "leases_before")).toMatch(/^40 leases an hour ago, \d+ now; at most 40\.$/u);
    const charts = await waitFor("three charts in the run's thread", async () => {
      const blocks = slack.messages().map((message) => JSON.stringify(message.blocks));
      const shown = slack
        .files()
        .filter(({ id }) => blocks.some((each) => each.includes(`"slack_file":{"id":"${id}"}`)));
      return shown.length === 3 ? shown : undefined;
    });
    expect(charts.map(({ title }) => title)).toEqual([
      "Requests, the last hour",
      "Commits, the last hour",
      "Leases, the last hour",
    ]);
    for (const { bytes } of charts) expect(Buffer.from(bytes.subarray(0, PNG.length))).toEqual(PNG);
    expect(writer.statuses()).toEqual([204]);
    expect(await writeMs(cluster)).toBeLessThan(100);
    await endDrill(world, carried, {
      name: "high-latency-slow-network-with-charts",
      fault: "what goes to the followers and back takes 120 ms longer, while a Prometheus scrapes sealwatch",
      cluster: "3 nodes, and a Prometheus that has kept a calm hour",
      begun: "/vault runbook high-latency prod",
      verified: "the middle one of five writes took less than 100 ms; three PNG charts came into the run's thread",
    });
  });
});

/** How long a commit takes, by what Prometheus has scraped of this cluster's nodes. */
async function commitMs(prometheus: RunningPrometheus): Promise<number | undefined> {
  const rate = (series: string): string => `sum(rate(${series}{vault_cluster="prod",job="sealwatch"}[1m]))`;
  const [sample] = await prometheus.query(
    `${rate("vault_raft_commitTime_sum")} / ${rate("vault_raft_commitTime_count")}`,
  );
  return sample === undefined || Number.isNaN(sample.value) ? undefined : sample.value;
}

/** What a Prometheus has that watched a calm cluster for an hour and a little longer. */
function calmHour(nowSeconds: number): string {
  const times = Array.from({ length: (HOUR_SECONDS + 300) / EVERY_SECONDS }, (_, index) => index * EVERY_SECONDS);
  const first = Math.floor(nowSeconds) - HOUR_SECONDS - 300;
  const series = (name: string, valueAt: (second: number) => number): string[] => [
    `# TYPE ${name} gauge`,
    ...times.map((second) => `${name}{vault_cluster="prod",vault_node="vault-0"} ${valueAt(second)} ${first + second}`),
  ];
  const timing = (name: string): string[] => [
    ...series(`${name}_count`, (second) => second * PER_SECOND),
    ...series(`${name}_sum`, (second) => second * PER_SECOND * CALM_MS),
  ];
  return [
    ...timing("vault_core_handle_request"),
    ...timing("vault_raft_commitTime"),
    ...series("vault_expire_num_leases", () => 40),
    "# EOF",
    "",
  ].join("\n");
}
