import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "@jest/globals";
import { drawChart } from "../../src/chart/draw-chart.ts";
import { drawPng } from "../../src/chart/draw-png.ts";
import type { Chart } from "../../src/lib/chart.ts";
import { latency, wave } from "./charts.ts";

type Told = { readonly heavy: readonly string[]; readonly globals: number };

describe("drawing a chart in a process of its own", () => {
  it("gives the same picture as drawing here", async () => {
    expect(Buffer.from(await drawChart(latency)).equals(await drawPng(latency))).toBe(true);
  });

  it("gives the same picture of what JSON cannot hold", async () => {
    const odd = wave((step) => (step % 5 === 0 ? Number.NaN : step % 7 === 0 ? Infinity : step));
    const chart: Chart = { ...latency, title: "\uD800", series: [{ name: "a", points: odd }] };
    expect(Buffer.from(await drawChart(chart)).equals(await drawPng(chart))).toBe(true);
  });

  it("ends the process and says so when there is no picture in time", async () => {
    await expect(drawChart(latency, { timeoutMs: 1 })).rejects.toMatchObject({
      reason: "timeout",
      message: "cannot draw a chart: no picture in 1 ms; the message goes without it",
    });
  });

  it("says why the process crashed", async () => {
    const broken = { ...latency, series: null } as unknown as Chart;
    await expect(drawChart(broken)).rejects.toMatchObject({
      reason: "server-error",
      message: expect.stringMatching(/^cannot draw a chart: TypeError: .*null.*; the message goes without it$/u),
    });
  });

  it("loads nothing of what drawing takes here, and drawing leaves no timer and no global behind", async () => {
    const child = fileURLToPath(new URL("children/draw-one.ts", import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [child], { timeout: 60_000 });
    const told = JSON.parse(stdout) as Record<"before" | "apart" | "here", Told>;
    expect(told.before.heavy).toEqual([]);
    expect(told.apart.heavy).toEqual([]);
    expect(told.here.heavy).toEqual(["echarts", "@resvg/resvg-js"]);
    expect(told.here.globals).toBe(told.before.globals);
  });
});
