import { Counter, Gauge, Registry } from "prom-client";
import type { Family } from "./collector.ts";

/** The content type of what `expose` writes. */
export const EXPOSITION_CONTENT_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

/** Writes families as Prometheus text, through a registry that lives for one page: what is gone leaves nothing behind. */
export async function expose(families: readonly Family[]): Promise<string> {
  const registry = new Registry();
  for (const family of families) register(registry, family);
  return registry.metrics();
}

function register(registry: Registry, { name, help, type, samples }: Family): void {
  // prom-client gives a metric without labels and without samples the value 0, which nobody measured.
  if (samples.length === 0) return;
  const labelNames = [...new Set(samples.flatMap(({ labels }) => Object.keys(labels ?? {})))];
  const metric = { name, help, labelNames, registers: [registry] };
  const write = type === "gauge" ? writer(new Gauge(metric)) : counterWriter(new Counter(metric));
  for (const { labels, value } of samples) write({ ...labels }, value);
}

type Write = (labels: Record<string, string>, value: number) => void;

function writer(metric: Gauge): Write {
  return (labels, value) => metric.set(labels, value);
}

function counterWriter(metric: Counter): Write {
  return (labels, value) => metric.inc(labels, value);
}
