import type { Registry } from "prom-client";
import type { ExposedFamily } from "./expose.ts";

/** Reads what a registry of prom-client holds as families of the page. */
export async function readRegistry(registry: Registry): Promise<readonly ExposedFamily[]> {
  const metrics = await registry.getMetricsAsJSON();
  return metrics.map(({ name, help, type, values }) => ({
    name,
    help,
    type: TYPES[String(type)] ?? "gauge",
    // The lag of the event loop is NaN for the second of two scrapes at once: the first took what was measured.
    samples: values
      .filter(({ value }) => !Number.isNaN(value))
      .map((sample) => ({
        value: sample.value,
        name: "metricName" in sample ? String(sample.metricName) : undefined,
        labels: Object.fromEntries(Object.entries(sample.labels).map(([label, value]) => [label, String(value)])),
      })),
  }));
}

const TYPES: Readonly<Record<string, ExposedFamily["type"]>> = {
  counter: "counter",
  gauge: "gauge",
  histogram: "histogram",
  summary: "summary",
};
