import { collectDefaultMetrics, Gauge, Registry } from "prom-client";

/** Self writes what the program says of itself: its version, its process and its runtime. */
export type Self = { readonly expose: () => Promise<string> };

/** prom-client calls these gauges `_total`, which is for counters: promtool refuses them. */
const MISNAMED = ["nodejs_active_resources_total", "nodejs_active_handles_total", "nodejs_active_requests_total"];

/** A number that the program knows of itself, read at each scrape. */
export type SelfGauge = { readonly name: `sealwatch_${string}`; readonly help: string; readonly read: () => number };

/** What the program's own page is made of. */
export type SelfOptions = {
  readonly version: string;
  readonly nodeVersion: string;
  readonly gauges?: readonly SelfGauge[];
};

/** Creates the program's own metrics; they live as long as the process, unlike those of a scrape. */
export function createSelf({ version, nodeVersion, gauges = [] }: SelfOptions): Self {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
  new Gauge({
    name: "sealwatch_build_info",
    help: "1, with the versions of sealwatch and of Node.js.",
    labelNames: ["version", "node_version"],
    registers: [registry],
  }).set({ version, node_version: nodeVersion }, 1);
  for (const { name, help, read } of gauges) {
    const gauge: Gauge = new Gauge({ name, help, registers: [registry], collect: () => gauge.set(read()) });
  }
  return { expose: () => registry.metrics() };
}
