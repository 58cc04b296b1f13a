import type { Timestamp } from "../../lib/clock.ts";
import type { ClusterState, NodeState } from "./cluster-state.ts";
import { unsealsItself } from "./sealing.ts";
import { busyGauges, busySummaries, type Summary } from "./slowness.ts";

/** Writes a node's own metrics as `sys/metrics?format=prometheus` does: short, and with the active node's gauges on it alone. */
export function metricsPage(state: ClusterState, node: NodeState, now: Timestamp): string {
  const cluster = `cluster=${JSON.stringify(state.settings.clusterName)}`;
  const active = state.leader === node.name;
  const families = [
    gauge("go_goroutines", 580, "Number of goroutines that currently exist."),
    gauge("process_resident_memory_bytes", 1.2e8, "Resident memory size in bytes."),
    counter("vault_audit_log_request_failure", state.system.auditFailures),
    gauge(`vault_core_active{${cluster}}`, Number(active)),
    gauge(`vault_core_in_flight_requests{${cluster}}`, 1),
    gauge(`vault_core_unsealed{${cluster}}`, Number(!node.sealed)),
    gauge(`vault_raft_storage_stats_applied_index{${cluster},peer_id="${node.raftNodeId}"}`, node.appliedIndex),
    gauge("vault_runtime_alloc_bytes", 2.0209976e7),
    ...requestSummaries(busySummaries(state, node, now)),
    ...(active ? activeOnly(state, now) : []),
  ];
  // A real server writes its families by their names, and who reads the page may count on it.
  return `${families.toSorted(byName).flat().join("\n")}\n`;
}

function byName([left = ""]: readonly string[], [right = ""]: readonly string[]): number {
  return left < right ? -1 : 1;
}

function activeOnly(state: ClusterState, now: Timestamp): string[][] {
  const irrevocable = Object.values(state.leases.irrevocable).reduce((sum, count) => sum + count, 0);
  return [
    gauge("vault_autopilot_healthy", 1),
    gauge("vault_expire_num_irrevocable_leases", irrevocable),
    ...Object.entries({ vault_expire_num_leases: state.leases.total, ...busyGauges(state, now) }).map(([name, value]) =>
      gauge(name, value),
    ),
    ...(unsealsItself(state) ? [gauge("vault_seal_unreachable_time", state.kmsAvailable ? 0 : 60_000)] : []),
  ];
}

const IDLE: Summary = { name: "vault_core_handle_request", count: 19, sum: 34.51797518879175 };

function requestSummaries(busy: readonly Summary[]): string[][] {
  return (busy.some(({ name }) => name === IDLE.name) ? busy : [...busy, IDLE]).map(summary);
}

/** Quantiles are NaN when nothing happened within ten seconds, as in the real ones. */
function summary({ name, count, sum }: Summary): string[] {
  return [
    `# HELP ${name} ${name}`,
    `# TYPE ${name} summary`,
    ...["0.5", "0.9", "0.99"].map((quantile) => `${name}{quantile="${quantile}"} NaN`),
    `${name}_sum ${sum}`,
    `${name}_count ${count}`,
  ];
}

function gauge(series: string, value: number, help?: string): string[] {
  const name = series.replace(/\{.*/u, "");
  return [`# HELP ${name} ${help ?? name}`, `# TYPE ${name} gauge`, `${series} ${value}`];
}

function counter(name: string, value: number): string[] {
  return [`# HELP ${name} ${name}`, `# TYPE ${name} counter`, `${name} ${value}`];
}
