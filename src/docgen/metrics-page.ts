import type { Collector } from "../exporter/collector.ts";
import { generatedNote, markdownTable } from "./markdown.ts";

/** Writes `docs/metrics.md`: every family of every collector. */
export function metricsPage(collectors: readonly Collector[]): string {
  const sections = collectors.map(
    (collector) => `## \`${collector.name}\`

${collector.help} ${collector.policy.length === 0 ? "Needs no token." : "Needs a token."}

${markdownTable(
  ["metric", "type", "labels", "what it says"],
  collector.families.map((family) => [`\`${family.name}\``, family.type, labelsOf(family.labels), family.help]),
)}`,
  );
  return `${generatedNote("src/exporter/collectors")}

# Metrics

Everything has the prefix \`sealwatch_\` and the label \`vault_cluster\`; what is about one node has \`vault_node\` too. Beside these stand
\`sealwatch_collector_success{collector}\` (0 or 1, always there), \`sealwatch_collector_duration_seconds{collector}\`,
\`sealwatch_build_info\` and the process' own metrics.

${sections.join("\n\n")}
`;
}

function labelsOf(labels: readonly string[]): string {
  return ["vault_cluster", ...labels.filter((label) => label !== "vault_cluster")]
    .map((label) => `\`${label}\``)
    .join(", ");
}
