import { formatDuration } from "../../../lib/duration.ts";
import type { NativeSample } from "../../../exporter/collector.ts";
import { ok, warning } from "../diagnosis.ts";
import type { Diagnosis } from "../diagnosis.ts";
import { failureOf, valueOf } from "../examination.ts";
import type { ClusterExam, NodeExam } from "../examination.ts";
import { USAGE_GAUGES } from "../metric-names.ts";
import type { Rule } from "../rule.ts";

/** What we would write; `docs/` of both products show 30 s, which drops what is written rarely. */
const STANZA = 'telemetry { prometheus_retention_time = "24h" disable_hostname = true }';

/** Longer keeps the last values of a node that led last week on the page. */
const LONGEST_RETENTION_MS = 48 * 3_600_000;
const USAGE_PERIOD_MS = 600_000;

/** Usage gauges come at the first period's end at the latest, and then need a moment. */
const USAGE_AFTER_MS = 2 * USAGE_PERIOD_MS;

/** Whether the servers' own metrics are there and mean what they say, as far as it can be seen from outside. */
export const telemetry: Rule = {
  name: "telemetry",
  help: "Vault's own metrics: on, kept long enough, with the cluster's name, and with usage gauges.",
  judge: (exam) => {
    const pages = exam.nodes.filter((node) => metricsOf(node) !== undefined);
    const bad = [
      ...exam.nodes.flatMap((node) => judgeStanza(exam, node)),
      ...judgeRetention(exam),
      ...pages.flatMap(judgeName),
      ...judgeUsage(exam),
    ];
    if (bad.length > 0) return bad;
    return pages.length === 0 ? [] : [ok("on, and nothing in it misleads")];
  },
};

/** A node's own metrics, however they were got. */
function metricsOf({ tokenMetrics, openMetrics }: NodeExam): readonly NativeSample[] | undefined {
  return valueOf(tokenMetrics) ?? valueOf(openMetrics);
}

/**
 * The question is always right, so 400 means that Prometheus is off; but a standby answers 400 to whoever brings no valid token, too
 * ("cannot forward local-only request").
 */
function judgeStanza({ token }: ClusterExam, exam: NodeExam): readonly Diagnosis[] {
  const { node, state } = exam.probe;
  const valid = valueOf(token?.token) !== undefined;
  const answer = valid ? exam.tokenMetrics : state === "active" ? exam.openMetrics : undefined;
  if (failureOf(answer)?.reason !== "refused") return [];
  return [warning("it has no metrics of its own: Prometheus is off", `add to its configuration: ${STANZA}`, node.name)];
}

function judgeRetention({ token }: ClusterExam): readonly Diagnosis[] {
  const settings = valueOf(token?.settings);
  const retention = settings?.prometheusRetentionMs;
  const period = settings?.usageGaugePeriodMs ?? USAGE_PERIOD_MS;
  if (retention === undefined || retention === 0) return [];
  const said = `prometheus_retention_time is ${formatDuration(retention)}`;
  if (retention < 2 * period)
    return [
      warning(
        `${said}: gauges that are written every ${formatDuration(period)} come and go`,
        `prometheus_retention_time = "24h"`,
      ),
    ];
  if (retention > LONGEST_RETENTION_MS)
    return [
      warning(`${said}: a former leader repeats its old values for so long`, `prometheus_retention_time = "24h"`),
    ];
  return [];
}

/** Before its first unseal a server knows its cluster's name only from its configuration file; what it wrote then stays until the retention ends. */
function judgeName(exam: NodeExam): readonly Diagnosis[] {
  const unsealed = (metricsOf(exam) ?? []).filter(({ name }) => name === "core_unsealed");
  if (!unsealed.some(({ labels }) => labels["cluster"] === "")) return [];
  const fix = 'set cluster_name = "…" at the top of its configuration file';
  return [warning('core_unsealed{cluster=""} says 0 beside the real one', fix, exam.probe.node.name)];
}

function judgeUsage({ active, nodes, at, token }: ClusterExam): readonly Diagnosis[] {
  const exam = nodes.find(({ probe }) => probe.node === valueOf(active));
  const samples = exam === undefined ? undefined : metricsOf(exam);
  const since = Date.parse(exam?.probe.leader?.activeTime ?? "");
  if (exam === undefined || samples === undefined || Number.isNaN(since)) return [];
  const period = valueOf(token?.settings)?.usageGaugePeriodMs ?? USAGE_PERIOD_MS;
  const due = period > 0 && at - since > Math.max(USAGE_AFTER_MS, 2 * period);
  if (!due || samples.some(({ name }) => USAGE_GAUGES.includes(name))) return [];
  const seen = `no usage gauges (token_count, …) although it leads for ${formatDuration(at - since)}`;
  return [
    warning(seen, 'telemetry { usage_gauge_period = "10m" }, and see its log for "usage gauge"', exam.probe.node.name),
  ];
}
