import type { Gauge, Registry } from "prom-client";
import type { ExposedFamily } from "./expose.ts";
import { readRegistry } from "./read-registry.ts";

/** Self is what the program says of itself: its version, its process and its runtime. */
export type Self = { readonly families: () => Promise<readonly ExposedFamily[]> };

/** prom-client calls these gauges `_total`, which is for counters: promtool refuses them. */
const MISNAMED = ["nodejs_active_resources_total", "nodejs_active_handles_total", "nodejs_active_requests_total"];

/** A number that the program knows of itself, read at each scrape. */
export type SelfGauge = { readonly name: `sealwatch_${string}`; readonly help: string; readonly read: () => number };

/** What the program's own page is made of. */
export type SelfOptions = {
  readonly version: string;
  readonly nodeVersion: string;
  /** Of the source; empty when it is not known. */
  readonly revision?: string;
  readonly gauges?: readonly SelfGauge[];
};

/** Creates the program's own metrics; from the first scrape on they live as long as the process, unlike those of a scrape. */
export function createSelf(options: SelfOptions): Self {
  let opening: Promise<Registry> | undefined;
  return { families: async () => await readRegistry(await (opening ??= openRegistry(options))) };
}

async function openRegistry({ version, nodeVersion, revision = "", gauges = [] }: SelfOptions): Promise<Registry> {
  // With the first scrape, because it brings OpenTelemetry's API: the program is ready without it.
  const { collectDefaultMetrics, Gauge, Registry } = await import("prom-client");
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
  new Gauge({
    name: "sealwatch_build_info",
    help: "1, with the versions of sealwatch and of Node.js, and the revision of the source when it is known.",
    labelNames: ["version", "node_version", "revision"],
    registers: [registry],
  }).set({ version, node_version: nodeVersion, revision }, 1);
  for (const { name, help, read } of gauges) {
    const gauge: Gauge = new Gauge({ name, help, registers: [registry], collect: () => gauge.set(read()) });
  }
  return registry;
}
