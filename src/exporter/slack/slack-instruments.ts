import type { Counter, Histogram, Registry } from "prom-client";
import { SLACK_FAMILIES, type SlackFamily } from "./slack-families.ts";

/** What the bot's doings are counted and measured with, in a registry of their own. */
export type SlackInstruments = {
  readonly registry: Registry;
  readonly reconnects: Counter;
  readonly interactions: Counter;
  readonly ackTime: Histogram;
  readonly refused: Counter;
  readonly calls: Counter;
};

/** Which label values have a sample from the beginning, at 0. */
export type SlackLabels = { readonly kinds: readonly string[]; readonly reasons: readonly string[] };

/** Opens the instruments. prom-client brings OpenTelemetry's API, so it is loaded with the first thing to count or the first scrape. */
export async function openSlackInstruments({ kinds, reasons }: SlackLabels): Promise<SlackInstruments> {
  const prometheus = await import("prom-client");
  const registry = new prometheus.Registry();
  const counter = ({ name, help, labels }: SlackFamily): Counter =>
    new prometheus.Counter({ name, help, labelNames: [...labels], registers: [registry] });
  const histogram = ({ name, help, labels, buckets = [] }: SlackFamily): Histogram =>
    new prometheus.Histogram({ name, help, labelNames: [...labels], buckets: [...buckets], registers: [registry] });
  const instruments: SlackInstruments = {
    registry,
    reconnects: counter(SLACK_FAMILIES.reconnects),
    interactions: counter(SLACK_FAMILIES.interactions),
    ackTime: histogram(SLACK_FAMILIES.ackTime),
    refused: counter(SLACK_FAMILIES.refused),
    calls: counter(SLACK_FAMILIES.calls),
  };
  for (const kind of kinds) instruments.interactions.inc({ kind }, 0);
  for (const reason of reasons) instruments.refused.inc({ reason }, 0);
  return instruments;
}
