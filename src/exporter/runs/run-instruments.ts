import type { Counter, Histogram, Registry } from "prom-client";
import { RUN_FAMILIES, type RunFamily } from "./run-families.ts";

/** What runs are counted and measured with, in a registry of their own. */
export type RunInstruments = {
  readonly registry: Registry;
  readonly finished: Counter;
  readonly stepDuration: Histogram;
  readonly gateWait: Histogram;
  readonly refused: Counter;
  readonly breakGlass: Counter;
};

/** Opens the instruments. prom-client brings OpenTelemetry's API, so it is loaded with the first event or scrape: the program is ready without it. */
export async function openRunInstruments(reasons: readonly string[]): Promise<RunInstruments> {
  const prometheus = await import("prom-client");
  const registry = new prometheus.Registry();
  const counter = ({ name, help, labels }: RunFamily): Counter =>
    new prometheus.Counter({ name, help, labelNames: [...labels], registers: [registry] });
  const histogram = ({ name, help, labels, buckets = [] }: RunFamily): Histogram =>
    new prometheus.Histogram({ name, help, labelNames: [...labels], buckets: [...buckets], registers: [registry] });
  const { finished, stepDuration, gateWait, refused, breakGlass } = RUN_FAMILIES;
  const instruments: RunInstruments = {
    registry,
    finished: counter(finished),
    stepDuration: histogram(stepDuration),
    gateWait: histogram(gateWait),
    refused: counter(refused),
    breakGlass: counter(breakGlass),
  };
  for (const reason of reasons) instruments.refused.inc({ reason }, 0);
  return instruments;
}
