import type { ExposedFamily } from "../expose.ts";

/** A family about runs without its samples. */
export type RunFamily = Pick<ExposedFamily, "name" | "help" | "type"> & {
  readonly name: `sealwatch_${string}`;
  readonly labels: readonly string[];
  /** Upper bounds of a histogram's buckets, in seconds. Few, because every one is a series for every pair of labels. */
  readonly buckets?: readonly number[];
};

/** Every family about runs. Those read from the store survive a restart; counters and histograms tell what this process did. */
export const RUN_FAMILIES = {
  open: {
    name: "sealwatch_runs_open",
    help: "Open runs by what they do or wait for (checking, waiting, manual, asking, locking, planning, gate, rechecking, attempted, probing, unknown, stuck). No sample for a phase in which no run is.",
    type: "gauge",
    labels: ["vault_cluster", "runbook", "phase"],
  },
  unknown: {
    name: "sealwatch_runs_unknown",
    help: "Open runs with a call of which nobody can tell whether it took effect: people must decide. Always a sample for every configured cluster.",
    type: "gauge",
    labels: ["vault_cluster"],
  },
  lockSince: {
    name: "sealwatch_cluster_lock_held_since_timestamp_seconds",
    help: "When the run that has the cluster to itself got it, as a Unix time. No sample while no run has it.",
    type: "gauge",
    labels: ["vault_cluster"],
  },
  lastDrill: {
    name: "sealwatch_runbook_last_drill_timestamp_seconds",
    help: "When a drill of the runbook last ended resolved, as a Unix time; looked up every five minutes. 0 when none did, for a runbook that says how often it is to be practised (drillEvery); no sample for others without a drill.",
    type: "gauge",
    labels: ["runbook"],
  },
  drillInterval: {
    name: "sealwatch_runbook_drill_interval_seconds",
    help: "How often the runbook is to be carried out as a drill (drillEvery). No sample for a runbook that does not say.",
    type: "gauge",
    labels: ["runbook"],
  },
  readable: {
    name: "sealwatch_runs_readable",
    help: "1 if open runs, locks and drills could be read from the store for this scrape, 0 if not: their samples are then absent.",
    type: "gauge",
    labels: [],
  },
  finished: {
    name: "sealwatch_runs_finished_total",
    help: "Runs that ended in this process since its start, by how: resolved, stopped, failed, aborted, planned (a dry run). Always all samples for every runbook.",
    type: "counter",
    labels: ["runbook", "result"],
  },
  stepDuration: {
    name: "sealwatch_run_step_duration_seconds",
    help: "How long steps took from their first beginning to their end, done or failed, by runbook and kind of step (check, wait, do, ask, manual); those that were skipped do not count.",
    type: "histogram",
    labels: ["runbook", "kind"],
    buckets: [1, 10, 60, 600],
  },
  gateWait: {
    name: "sealwatch_run_gate_wait_seconds",
    help: "How long gates were open until they closed, by danger of the call and outcome: agreed, broken (break-glass), rejected, expired, voided.",
    type: "histogram",
    labels: ["danger", "outcome"],
    buckets: [60, 300, 900, 1800],
  },
  refused: {
    name: "sealwatch_approvals_refused_total",
    help: "Approvals that were refused in this process since its start, by why. Always all samples.",
    type: "counter",
    labels: ["reason"],
  },
  breakGlass: {
    name: "sealwatch_break_glass_total",
    help: "Gates that one person went past alone (break-glass) in this process since its start.",
    type: "counter",
    labels: [],
  },
} as const satisfies Readonly<Record<string, RunFamily>>;
