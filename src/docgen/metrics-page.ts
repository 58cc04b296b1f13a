import type { Collector, FamilyDeclaration } from "../exporter/collector.ts";
import { generatedNote, markdownTable } from "./markdown.ts";

/** Families that no collector gives: those of the scrape itself, of what is passed through, of the program. */
export type MetricsSection = {
  readonly title: string;
  readonly help: string;
  readonly families: readonly (Pick<FamilyDeclaration, "name" | "help" | "labels"> & {
    readonly type: FamilyDeclaration["type"] | "histogram" | "summary";
  })[];
};

/** Writes `docs/metrics.md`: every family of every collector, and every other. */
export function metricsPage(collectors: readonly Collector[], others: readonly MetricsSection[]): string {
  const sections: readonly MetricsSection[] = [
    ...collectors.map(({ name, help, policy, families }) => ({
      title: `\`${name}\``,
      help: `${help} ${policy.length === 0 ? "Needs no token." : "Needs a token."}`,
      families: families.map((family) => ({ ...family, labels: withCluster(family.labels) })),
    })),
    ...others,
  ];
  return `${generatedNote("src/exporter")}

# Metrics

What a collector shows has the prefix \`sealwatch_\` and the label \`vault_cluster\`; what is about one node has \`vault_node\` too. A value that nobody can know
is no sample rather than a made-up one, and HELP says when; \`sealwatch_node_state\`, \`sealwatch_node_up\`, \`sealwatch_cluster_expected_nodes\` and
\`sealwatch_collector_success\` always have their samples, so that absence of others can be an alert.

${sections.map(sectionText).join("\n\n")}
`;
}

function sectionText({ title, help, families }: MetricsSection): string {
  const rows = families.map(({ name, type, labels, help: says }) => [`\`${name}\``, type, labelsOf(labels), says]);
  return `## ${title}

${help}

${markdownTable(["metric", "type", "labels", "what it says"], rows)}`;
}

function withCluster(labels: readonly string[]): readonly string[] {
  return ["vault_cluster", ...labels.filter((label) => label !== "vault_cluster")];
}

function labelsOf(labels: readonly string[]): string {
  return labels.map((label) => `\`${label}\``).join(", ");
}
