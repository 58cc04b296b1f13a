import type { RunEvent } from "../engine/events.ts";
import type { Evidence, FinishedRun, GateRecord, OpenRun, StepRecord } from "../engine/run.ts";
import { viewRun } from "../engine/view.ts";
import type { Json } from "../lib/json.ts";
import { redact } from "../lib/redact.ts";
import { tellEvent } from "./tell-event.ts";

/** A step of the report; times are milliseconds since 1970. */
export type ReportedStep = Omit<StepRecord, "by"> & {
  readonly by: string | undefined;
  readonly tookMs: number | undefined;
};

/** A gate of the report: exactly what was asked, of whom, and what became of it. */
export type ReportedGate = {
  readonly id: string;
  readonly step: string;
  readonly outcome: GateRecord["outcome"];
  readonly text: string | undefined;
  readonly call: string;
  readonly action: string;
  readonly cost: string;
  readonly proof: string;
  readonly danger: string;
  readonly cluster: string;
  readonly clusterId: string | undefined;
  readonly planHash: string;
  readonly facts: readonly { readonly ok: boolean; readonly text: string }[];
  readonly differences: readonly string[];
  readonly approvals: number;
  readonly groups: readonly string[];
  readonly votes: readonly { readonly by: string; readonly at: number }[];
  readonly brokenBy: string | undefined;
  readonly openedAt: number;
  readonly closedAt: number | undefined;
  readonly waitedMs: number | undefined;
};

/** Report is a run told to somebody who was not there. It follows from the run's events alone. */
export type Report = {
  readonly id: string;
  readonly runbook: {
    readonly id: string;
    readonly title: string;
    readonly digest: string;
    readonly meaning: string;
    readonly impact: string;
  };
  readonly cluster: string;
  readonly inputs: { readonly [name: string]: Json };
  readonly state: string;
  readonly text: string;
  readonly startedAt: number;
  readonly startedBy: string;
  readonly surface: string;
  readonly alert: string;
  readonly finishedAt: number | undefined;
  readonly tookMs: number | undefined;
  readonly assignee: string;
  readonly dryRun: boolean;
  readonly drill: boolean;
  readonly steps: readonly ReportedStep[];
  readonly gates: readonly ReportedGate[];
  readonly evidence: readonly (Omit<Evidence, "by"> & { readonly by: string })[];
  readonly timeline: readonly { readonly at: number; readonly who: string | undefined; readonly text: string }[];
};

/** Tells a run by its state and its events. What looks like a secret is redacted; digests are written `sha256:…`. */
export function reportRun(run: OpenRun | FinishedRun, events: readonly RunEvent[]): Report {
  const view = viewRun(run);
  const { id, runbook, cluster, inputs, startedAt, alert, dryRun, drill } = run;
  const finishedAt = run.status === "finished" ? run.finishedAt : undefined;
  const report: Report = {
    id,
    runbook: {
      id: runbook.id,
      title: runbook.title,
      digest: digest(run.runbookDigest),
      meaning: runbook.meaning,
      impact: runbook.impact,
    },
    cluster,
    inputs,
    state: view.state,
    text: view.stateText,
    startedAt,
    startedBy: run.startedBy.name,
    surface: run.origin.surface,
    alert,
    finishedAt,
    tookMs: between(startedAt, finishedAt),
    assignee: view.assignee,
    dryRun,
    drill,
    steps: run.steps.map(reportStep),
    gates: run.gates.map(reportGate),
    evidence: run.evidence.map((each) => ({ ...each, by: each.by.name, sha256: digest(each.sha256) })),
    timeline: events.map((event) => ({ at: event.at, ...tellEvent(event) })),
  };
  return redactTexts(report);
}

/** Writes a SHA-256 so that nobody takes it for a key share, whose form it has. */
export function digest(hex: string): string {
  return `sha256:${hex}`;
}

function reportStep(step: StepRecord): ReportedStep {
  return { ...step, by: step.by?.name, tookMs: between(step.startedAt, step.endedAt) };
}

function reportGate({ gate, outcome, text, brokenBy, closedAt }: GateRecord): ReportedGate {
  const { plan } = gate;
  return {
    id: gate.id,
    step: gate.step,
    outcome,
    text,
    call: plan.explain.call,
    action: plan.call.name,
    cost: plan.explain.cost,
    proof: plan.explain.proof,
    danger: plan.danger,
    cluster: plan.cluster,
    clusterId: plan.clusterId,
    planHash: digest(gate.planHash),
    facts: plan.preconditions.map(({ ok, text: says }) => ({ ok, text: says })),
    differences: gate.differences,
    approvals: gate.approvals,
    groups: gate.groups,
    votes: gate.votes.map(({ by, at }) => ({ by: by.name, at })),
    brokenBy: brokenBy?.name,
    openedAt: gate.openedAt,
    closedAt,
    waitedMs: between(gate.openedAt, closedAt),
  };
}

function between(from: number | undefined, to: number | undefined): number | undefined {
  return from === undefined || to === undefined ? undefined : to - from;
}

function redactTexts<T>(value: T): T {
  if (typeof value === "string") return redact(value) as T;
  if (Array.isArray(value)) return value.map((item: unknown) => redactTexts(item)) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactTexts(item as unknown)])) as T;
}
