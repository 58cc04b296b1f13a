import { selfGauges } from "../../app/self-gauges.ts";
import type { MetricsSection } from "../../docgen/metrics-page.ts";
import { compat } from "../../exporter/compat.ts";
import { PASSTHROUGH_FAMILIES } from "../../exporter/passthrough/passthrough-families.ts";
import { SCRAPE_FAMILIES } from "../../exporter/scrape-families.ts";
import { SLACK_FAMILIES } from "../../exporter/slack/slack-families.ts";
import { RUN_FAMILIES } from "../../exporter/runs/run-families.ts";
import { createSelf } from "../../exporter/self.ts";

/** Gives what the page of metrics has besides the collectors' families. */
export async function metricsSections(): Promise<readonly MetricsSection[]> {
  return [
    {
      title: "Every scrape",
      help: "What a scrape says of itself, of logging in, and of the search for nodes.",
      families: SCRAPE_FAMILIES.map((family) => ({ ...family, labels: ["vault_cluster", ...family.labels] })),
    },
    {
      title: "Passthrough",
      help: "With `exporter.passthrough`: how reading Vault's own metrics went. Those keep their names and get `vault_cluster` and `vault_node`; Vault's `process_*` become `vault_process_*`, because the program has its own.",
      families: PASSTHROUGH_FAMILIES.map((family) => ({ ...family, labels: ["vault_cluster", ...family.labels] })),
    },
    {
      title: "`compat`",
      help: `${compat.help} With \`exporter.compatMetrics\` or \`serve --compat-metrics\`.`,
      families: compat.families.map((family) => ({ ...family, labels: ["vault_cluster", ...family.labels] })),
    },
    {
      title: "Runs",
      help: "What became of runs and approvals, and what is open. Gauges are read from the store at each scrape and survive a restart; counters and histograms tell what this process did.",
      families: Object.values(RUN_FAMILIES),
    },
    {
      title: "Slack",
      help: "What passes between this program and Slack. They are there when Slack is configured.",
      families: Object.values(SLACK_FAMILIES),
    },
    { title: "The program", help: "The program of itself; without `vault_cluster`.", families: await ownFamilies() },
  ];
}

async function ownFamilies(): Promise<MetricsSection["families"]> {
  const good = { status: () => ({ successful: true, attemptedAt: 0, succeededAt: 0, findings: [] }) };
  const gauges = selfGauges({ config: good, runbooks: good, web: good });
  const families = await createSelf({ version: "", nodeVersion: "", gauges }).families();
  return families.map(({ name, help, type, samples }) => ({
    name: name as `sealwatch_${string}`,
    help,
    type: type === "counter" ? "counter" : "gauge",
    // Which handles a process has is not ours to promise, so the runtime's metrics have their labels on the page alone.
    labels: name.startsWith("sealwatch_") ? Object.keys(samples[0]?.labels ?? {}) : [],
  }));
}
