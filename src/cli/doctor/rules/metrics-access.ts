import { ok, warning } from "../diagnosis.ts";
import type { Diagnosis } from "../diagnosis.ts";
import { failureOf, valueOf } from "../examination.ts";
import type { ClusterExam, NodeExam } from "../examination.ts";
import type { Rule } from "../rule.ts";

/** Who gets the servers' own metrics: strangers should not, and of standbys we should. */
export const metricsAccess: Rule = {
  name: "metrics-access",
  help: "Vault's own metrics: closed to strangers, and of every node for us where `passthrough` wants them.",
  judge: (exam) => {
    const bad = [...judgeOpen(exam), ...(exam.wantsStandbyMetrics ? exam.nodes.flatMap(judgeStandby) : [])];
    if (bad.length > 0) return bad;
    return exam.nodes.some(({ openMetrics }) => openMetrics !== undefined)
      ? [ok("nobody reads them without a token")]
      : [];
  },
};

function judgeOpen({ nodes }: ClusterExam): readonly Diagnosis[] {
  const open = nodes.filter(({ openMetrics }) => valueOf(openMetrics) !== undefined);
  if (open.length === 0) return [];
  const names = open.map(({ probe }) => probe.node.name).join(", ");
  const fix =
    "unless this listener is private: unauthenticated_metrics_access = false in listener { telemetry { … } } (on Vault, standbys then show none)";
  return [warning(`${names} gives mounts, policies and counts to anybody (unauthenticated_metrics_access)`, fix)];
}

function judgeStandby({ probe: { node, state }, tokenMetrics, openMetrics }: NodeExam): readonly Diagnosis[] {
  if (state !== "standby" || valueOf(openMetrics) !== undefined) return [];
  const samples = valueOf(tokenMetrics);
  if (samples?.some(({ name, value }) => name === "core_active" && value === 1) === true) {
    const fix = "remove disable_standby_reads from its configuration, or take exporter.passthrough.mode: active";
    return [warning("a standby, it answers with the active node's metrics", fix, node.name)];
  }
  if (failureOf(tokenMetrics)?.reason !== "standby") return [];
  const fix = "exporter.passthrough.mode: active, or a private listener with unauthenticated_metrics_access = true";
  return [warning("a standby of this product shows no metrics of its own to a token", fix, node.name)];
}
