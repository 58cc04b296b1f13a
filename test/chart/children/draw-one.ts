/*
 * Draws a chart in another process and then in this one, and tells what that loaded and left behind. It does not exit by itself: a timer that drawing left
 * would keep it alive.
 */
import { registerHooks } from "node:module";

const loaded: string[] = [];
registerHooks({
  load: (url, context, next) => {
    loaded.push(url);
    return next(url, context);
  },
});

const heavy = (): readonly string[] =>
  ["echarts", "@resvg/resvg-js"].filter((name) => loaded.some((url) => url.includes(`/node_modules/${name}/`)));

const told = (): object => ({ heavy: heavy(), globals: Reflect.ownKeys(globalThis).length });

const { drawChart } = await import("../../../src/chart/draw-chart.ts");
const { drawPng } = await import("../../../src/chart/draw-png.ts");
const { latency } = await import("../charts.ts");
const before = told();
await drawChart(latency);
const apart = told();
await drawPng(latency);
process.stdout.write(JSON.stringify({ before, apart, here: told() }));
