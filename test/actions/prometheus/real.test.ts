import { afterAll, beforeAll, expect, it } from "@jest/globals";
import type { ActionContext, Check } from "../../../src/actions/action.ts";
import { query } from "../../../src/actions/prometheus/query.ts";
import { queryRange } from "../../../src/actions/prometheus/query-range.ts";
import { createPrometheusClient, type PrometheusClient } from "../../../src/prometheus/create-client.ts";
import { waitFor } from "../../../src/sandbox/wait-for.ts";
import { contextOf, settle } from "../../contracts/action.contract.ts";
import { startPrometheus, type RunningPrometheus } from "../../support/prometheus.ts";
import { describeWith } from "../../support/real.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { createFakeCluster } from "../fake-cluster.ts";

describeWith(["prometheus"], "the checks of Prometheus on a real one", () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let server: RunningPrometheus;
  let client: PrometheusClient;

  beforeAll(async () => {
    directory = await temporaryDirectory();
    server = await startPrometheus({ directory: directory.path, scrape: [], rules: [] });
    client = createPrometheusClient({ url: server.address, timeoutMs: 5000 });
  });

  afterAll(async () => {
    await client.close();
    await server.stop();
    await directory[Symbol.asyncDispose]();
  });

  const ask = async (check: Check, input: Record<string, string>): Promise<unknown> => {
    const context: ActionContext = { ...contextOf(createFakeCluster(["active"])), clock: { now: () => Date.now() } };
    return await settle(check.read({ ...context, services: { prometheus: client } }, input));
  };

  it.each([
    { promql: "vector(42.5)", gives: { found: true, value: 42.5, count: 1, not_numbers: 0, max: 42.5, min: 42.5 } },
    { promql: "1 + 1", gives: { found: true, value: 2, count: 1 } },
    { promql: "vector(1) / 0", gives: { found: false, value: 0, count: 0, not_numbers: 1 } },
    { promql: "sealwatch_no_such_metric", gives: { found: false, value: 0, count: 0, not_numbers: 0, max: 0, min: 0 } },
    {
      promql: 'label_replace(vector(-3), "n", "a", "", "") or label_replace(vector(7), "n", "b", "", "")',
      gives: { found: true, value: 0, count: 2, max: 7, min: -3 },
    },
  ])("read $promql", async ({ promql, gives }) => {
    expect(await ask(query, { query: promql })).toMatchObject(gives);
  });

  it("read how a value went, and draw it", async () => {
    // Rises by one each second, whatever Prometheus has scraped.
    const answer = await ask(queryRange, { query: "vector(time())", window: "30m" });
    expect(answer).toMatchObject({ found: true, count: 1, chart: "▁▁▁▁▁▂▂▂▂▂▃▃▃▃▃▄▄▄▄▄▅▅▅▅▅▆▆▆▆▆▇▇▇▇▇█████" });
    const { first, last, min, max, avg } = answer as Record<"first" | "last" | "min" | "max" | "avg", number>;
    expect([min, max]).toEqual([first, last]);
    expect(last - first).toBeCloseTo(1800, 0);
    expect(Math.abs(last - Date.now() / 1000)).toBeLessThan(60);
    expect(avg).toBeCloseTo((first + last) / 2, 0);
  });

  it("tell the value at each of 40 steps until now", async () => {
    const answer = await ask(queryRange, { query: "vector(time())", window: "30m", unit: "s" });
    const { from, to, step, series } = answer as {
      readonly from: number;
      readonly to: number;
      readonly step: number;
      readonly series: readonly { readonly points: readonly number[]; readonly gaps: readonly number[] }[];
    };
    expect(answer).toMatchObject({ unit: "s", step: Math.ceil(1_800_000 / 39) });
    expect(to - from).toBe(39 * step);
    expect(Math.abs(to - Date.now())).toBeLessThan(60_000);
    expect(series[0]?.gaps).toEqual([]);
    expect(series[0]?.points).toHaveLength(40);
    // The value is the time: every point tells when it was.
    series[0]?.points.forEach((value, nth) => expect(Math.abs(value - (from + nth * step) / 1000)).toBeLessThan(1));
  });

  it("tell of each of several series", async () => {
    const two = 'label_replace(vector(1), "n", "a", "", "") or label_replace(vector(2), "n", "b", "", "")';
    expect(await ask(queryRange, { query: two, window: "1h" })).toMatchObject({
      count: 2,
      min: 1,
      max: 2,
      avg: 1.5,
      series: [
        { labels: '{n="a"}', avg: 1, chart: "▄".repeat(40) },
        { labels: '{n="b"}', avg: 2 },
      ],
    });
  });

  it("show where nothing was measured as a gap", async () => {
    const lately = `vector(1) and on() (vector(time()) > ${Date.now() / 1000 - 900})`;
    const answer = await ask(queryRange, { query: lately, window: "30m" });
    const { chart, series } = answer as {
      readonly chart: string;
      readonly series: readonly { readonly points: readonly number[]; readonly gaps: readonly number[] }[];
    };
    expect(chart).toMatch(/^·{19,21}▄{19,21}$/u);
    const gaps = chart.lastIndexOf("·") + 1;
    expect(series).toMatchObject([{ gaps: Array.from({ length: gaps }, (_, step) => step) }]);
    expect(series[0]?.points).toEqual(Array.from({ length: 40 - gaps }, () => 1));
  });

  it("find nothing where nothing was measured", async () => {
    expect(await ask(queryRange, { query: "sealwatch_no_such_metric" })).toEqual({
      found: false,
      count: 0,
      first: 0,
      last: 0,
      min: 0,
      max: 0,
      avg: 0,
      chart: "",
      from: expect.any(Number),
      to: expect.any(Number),
      step: 92_308,
      unit: "",
      series: [],
    });
  });

  it.each([
    { name: "what is no PromQL", input: { query: "up{" }, words: "parse error" },
    { name: "a function that does not exist", input: { query: "average(up)" }, words: "unknown function" },
  ])("say in Prometheus' own words that it refuses $name", async ({ input, words }) => {
    expect(await ask(query, input)).toMatchObject({ reason: "refused", message: expect.stringContaining(words) });
    expect(await ask(queryRange, input)).toMatchObject({ reason: "refused", message: expect.stringContaining(words) });
  });

  it("read what it scraped of itself", async () => {
    await using other = await temporaryDirectory();
    const self = new URL(server.address).host;
    await using watching = await startPrometheus({
      directory: other.path,
      scrape: [{ job: "watched", targets: [self] }],
      rules: [],
    });
    const api = createPrometheusClient({ url: watching.address, timeoutMs: 5000 });
    try {
      const signal = new AbortController().signal;
      const up = await waitFor("a scrape", async () => {
        const [series] = await api.query('up{job="watched"}', { signal });
        return series;
      });
      expect(up).toMatchObject({ labels: { job: "watched", instance: self }, points: [[expect.any(Number), 1]] });
    } finally {
      await api.close();
    }
  });
});
