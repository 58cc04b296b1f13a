import type { Timestamp } from "../lib/clock.ts";
import { exhaustive } from "../lib/exhaustive.ts";
import { FailureError } from "../lib/failure.ts";
import { stepKind } from "../runbook/schema.ts";
import type { RunEvent } from "./events.ts";
import type { FinishedRun, Gate, GateRecord, Note, OpenRun, Phase, Run, StepRecord } from "./run.ts";

type Started = Extract<RunEvent, { type: "RunStarted" }>;

/** The state before the first event. */
export const initialRun: Run = { status: "none" };

/** Applies one event to a run. Never looks at a clock, never decides; an event that does not fit leaves the run as it is. */
export function evolve(run: Run, event: RunEvent): Run {
  if (event.type === "RunStarted") return run.status === "none" ? begin(event) : run;
  if (run.status !== "open") return run;
  return evolveOpen(run, event);
}

/** Folds events into a run, from the beginning or from a state. */
export function replay(events: Iterable<RunEvent>, from: Run = initialRun): Run {
  let run = from;
  for (const event of events) run = evolve(run, event);
  return run;
}

function begin(event: Started): OpenRun {
  return {
    status: "open",
    phase: { name: "between" },
    id: event.runId,
    runbook: event.runbook,
    runbookText: event.runbookText,
    runbookDigest: event.runbookDigest,
    cluster: event.cluster,
    inputs: event.inputs,
    startedBy: event.by,
    startedAt: event.at,
    origin: event.origin,
    driver: event.driver,
    steps: event.runbook.steps.map((step) => ({
      id: step.id,
      kind: stepKind(step),
      title: step.title ?? step.id,
      status: "pending",
      text: undefined,
      startedAt: undefined,
      endedAt: undefined,
      by: undefined,
      attempts: 0,
    })),
    results: {},
    notes: [],
    gates: [],
    alert: event.origin.alertGroup === undefined ? "none" : "firing",
  };
}

// oxlint-disable-next-line complexity -- one case an event, one line a case: the table of what can happen
function evolveOpen(run: OpenRun, event: Exclude<RunEvent, Started>): OpenRun | FinishedRun {
  switch (event.type) {
    case "StepStarted":
      return stepStarted(run, event.step, event.title, event.at);
    case "CheckRequested":
      return inPhase(run, { name: "checking", step: event.step, call: event.call });
    case "WaitBegun":
      return inPhase(run, { ...phaseFields(event), name: "waiting", progress: undefined });
    case "ManualBegun":
      return inPhase(run, { ...phaseFields(event), name: "manual", progress: undefined });
    case "Polled":
      return run.phase.name === "waiting" || run.phase.name === "manual"
        ? inPhase(run, { ...run.phase, progress: event.progress })
        : run;
    case "PlanRequested":
      return inPhase(run, { name: "planning", step: event.step, call: event.call });
    case "GateOpened":
      return gateOpened(run, event.gate);
    case "GateVoted":
      return voted(run, event);
    case "GateAgreed":
      return run.phase.name === "gate" ? inPhase(gateClosed(run, event), { ...run.phase, name: "rechecking" }) : run;
    case "GateRejected":
    case "GateExpired":
    case "GateVoided":
      return inPhase(gateClosed(run, event), { name: "between" });
    case "StepAttempted":
      return inPhase(run, { name: "attempted", step: event.step, plan: event.plan, attempt: event.attempt });
    case "ProbeBegun":
      return probing(run, event);
    case "OutcomeUnknown":
      return run.phase.name === "probing"
        ? inPhase(run, { ...pick(run.phase), name: "unknown", evidence: event.evidence })
        : run;
    case "StepSucceeded":
      return ended(
        { ...run, results: { ...run.results, [event.step]: event.result } },
        event.step,
        { status: "done", text: event.text, by: event.by },
        event.at,
      );
    case "StepFailed":
      return ended(run, event.step, { status: "failed", text: event.failure.message, by: undefined }, event.at);
    case "StepSkipped":
      return ended(run, event.step, { status: "skipped", text: event.text, by: event.by }, event.at);
    case "StepStuck":
      return inPhase(run, { name: "stuck", step: event.step, failure: event.failure });
    case "Said":
      return noted(run, { at: event.at, text: event.text, by: event.by });
    case "AlertNoted":
      return { ...run, alert: event.status };
    case "DriverChanged":
      return { ...run, driver: event.driver };
    case "RunFinished":
      return finished(run, event);
    default:
      return unknownEvent(run, event);
  }
}

/** A newer version may have written what this one does not know: such a run is not guessed at. */
function unknownEvent(run: OpenRun, event: never): never {
  const { type } = event as { readonly type: string };
  throw new FailureError({
    reason: "refused",
    retryable: false,
    message: `cannot read run ${run.id}: its event "${type}" is of a newer version of sealwatch; go on with that version`,
  });
}

function inPhase(run: OpenRun, phase: Phase): OpenRun {
  return { ...run, phase };
}

/** An event without what only the log needs. */
function phaseFields<E extends { readonly at: Timestamp; readonly type: string }>(event: E): Omit<E, "at" | "type"> {
  const { at: _at, type: _type, ...fields } = event;
  return fields;
}

function pick(
  phase: Extract<Phase, { name: "attempted" | "probing" }>,
): Pick<typeof phase, "step" | "plan" | "attempt"> {
  return { step: phase.step, plan: phase.plan, attempt: phase.attempt };
}

function withStep(run: OpenRun, id: string, change: (step: StepRecord) => StepRecord): OpenRun {
  return { ...run, steps: run.steps.map((step) => (step.id === id ? change(step) : step)) };
}

function stepStarted(run: OpenRun, id: string, title: string, at: Timestamp): OpenRun {
  return withStep(run, id, (step) => ({
    ...step,
    title,
    status: "running",
    text: undefined,
    startedAt: step.startedAt ?? at,
    endedAt: undefined,
    attempts: step.attempts + 1,
  }));
}

function ended(run: OpenRun, id: string, how: Pick<StepRecord, "status" | "text" | "by">, at: Timestamp): OpenRun {
  const changed = withStep(run, id, (step) => ({ ...step, ...how, startedAt: step.startedAt ?? at, endedAt: at }));
  return inPhase(changed, { name: "between" });
}

function gateOpened(run: OpenRun, gate: Gate): OpenRun {
  const record: GateRecord = { gate, outcome: "open", text: undefined, closedAt: undefined };
  return { ...inPhase(run, { name: "gate", step: gate.step, gate }), gates: [...run.gates, record] };
}

function voted(run: OpenRun, event: Extract<RunEvent, { type: "GateVoted" }>): OpenRun {
  if (run.phase.name !== "gate") return run;
  const gate = { ...run.phase.gate, votes: [...run.phase.gate.votes, { by: event.by, at: event.at }] };
  const gates = run.gates.map((record) => (record.gate.id === gate.id ? { ...record, gate } : record));
  return { ...inPhase(run, { ...run.phase, gate }), gates };
}

type GateClosing = Extract<RunEvent, { type: "GateAgreed" | "GateRejected" | "GateExpired" | "GateVoided" }>;

function gateClosed(run: OpenRun, event: GateClosing): OpenRun {
  const gates = run.gates.map((record) =>
    record.gate.id === event.gate ? { ...record, ...closing(record.gate, event), closedAt: event.at } : record,
  );
  return { ...run, gates };
}

function closing(gate: Gate, event: GateClosing): Pick<GateRecord, "outcome" | "text"> {
  switch (event.type) {
    case "GateAgreed":
      return { outcome: "agreed", text: `approved by ${gate.votes.map((vote) => vote.by.name).join(" and ")}` };
    case "GateRejected":
      return { outcome: "rejected", text: `rejected by ${event.by.name}: ${event.reason}` };
    case "GateExpired":
      return { outcome: "expired", text: "expired: too few people approved in time" };
    case "GateVoided":
      return { outcome: "voided", text: `void: ${event.differences.join("; ")}` };
    default:
      return exhaustive(event);
  }
}

function probing(run: OpenRun, event: Extract<RunEvent, { type: "ProbeBegun" }>): OpenRun {
  if (run.phase.name !== "attempted") return run;
  const { cause, output, deadline } = event;
  return inPhase(run, { ...pick(run.phase), name: "probing", cause, output, deadline });
}

function noted(run: OpenRun, note: Note): OpenRun {
  return { ...run, notes: [...run.notes, note] };
}

function finished(run: OpenRun, event: Extract<RunEvent, { type: "RunFinished" }>): FinishedRun {
  const { phase: _phase, ...begun } = run;
  return { ...begun, status: "finished", result: event.result, text: event.text, finishedAt: event.at };
}
