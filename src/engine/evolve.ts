import type { Timestamp } from "../lib/clock.ts";
import { exhaustive } from "../lib/exhaustive.ts";
import { FailureError } from "../lib/failure.ts";
import { stepKind, type Step } from "../runbook/schema.ts";
import type { RunEvent } from "./events.ts";
import { cancelPaths, pathsInside, scopeAt, stepOf } from "./blocks.ts";
import { pendingTitle } from "./pending-title.ts";
import { planHash } from "./plan.ts";
import type { ScopeValues } from "./program.ts";
import type { Attempt, Block, FinishedRun, Gate, GateRecord, Note, OpenRun, Phase, Run, StepRecord } from "./run.ts";

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
    included: event.included ?? {},
    cluster: event.cluster,
    inputs: event.inputs,
    startedBy: event.by,
    startedAt: event.at,
    assignee: event.by,
    origin: event.origin,
    dryRun: event.dryRun ?? false,
    drill: event.drill ?? false,
    driver: event.driver,
    epoch: 0,
    attempts: 0,
    steps: event.runbook.steps.map((step) => pending(step.id, step, { inputs: event.inputs, steps: {}, items: {} })),
    results: {},
    notes: [],
    gates: [],
    alert: event.origin.alertGroup === undefined ? "none" : "firing",
    reopened: false,
    blocks: {},
    locked: false,
    cancelling: undefined,
    evidence: [],
  };
}

function pending(path: string, step: Step, scope: ScopeValues): StepRecord {
  return {
    id: path,
    kind: stepKind(step),
    title: pendingTitle(step.title ?? step.id, scope),
    status: "pending",
    text: undefined,
    startedAt: undefined,
    endedAt: undefined,
    by: undefined,
    attempts: 0,
  };
}

type OpenEvent = Exclude<RunEvent, Started>;
type Apply<T extends OpenEvent["type"]> = (
  run: OpenRun,
  event: Extract<OpenEvent, { type: T }>,
) => OpenRun | FinishedRun;

/** What each event does to an open run: the table of what can happen. */
const APPLY: { readonly [T in OpenEvent["type"]]: Apply<T> } = {
  StepStarted: (run, { step, title, at }) => stepStarted(run, step, title, at),
  CheckRequested: (run, { step, call }) => inPhase(run, { name: "checking", step, call }),
  WaitBegun: (run, event) => inPhase(run, { ...phaseFields(event), name: "waiting", progress: undefined }),
  ManualBegun: (run, event) => inPhase(run, { ...phaseFields(event), name: "manual", progress: undefined }),
  AskBegun: (run, event) => inPhase(run, { ...phaseFields(event), name: "asking" }),
  LoopBegun: (run, { step, items }) => blockBegun(run, step, { items }),
  IncludeBegun: (run, { step, inputs }) => blockBegun(run, step, { inputs }),
  Polled: (run, { progress }) => polled(run, progress),
  StepSucceeded: (run, { step, result, text, by, at }) =>
    ended({ ...run, results: { ...run.results, [step]: result } }, step, { status: "done", text, by }, at),
  StepFailed: (run, { step, failure, at }) =>
    ended(run, step, { status: "failed", text: failure.message, by: undefined }, at),
  StepSkipped: (run, { step, text, by, at }) => ended(run, step, { status: "skipped", text, by }, at),
  StepStuck: (run, { step, failure }) => inPhase(run, { name: "stuck", step, failure }),
  StepPlanned: (run, { step, text, at }) => ended(run, step, { status: "planned", text, by: undefined }, at),
  LockRequested: (run, { step, call }) => inPhase(run, { name: "locking", step, call, heldBy: undefined }),
  LockAwaited: (run, { heldBy }) => (run.phase.name === "locking" ? inPhase(run, { ...run.phase, heldBy }) : run),
  LockTaken: (run) => ({ ...run, locked: true }),
  LockLost: (run, { at, by, reason }) =>
    noted({ ...run, locked: false }, { at, text: `the cluster's lock was taken away: ${reason}`, by }),
  PlanRequested: (run, { step, call }) => inPhase(run, { name: "planning", step, call }),
  GateOpened: (run, { gate }) => gateOpened(run, gate),
  GateVoted: voted,
  GateAgreed: passed,
  GateBroken: passed,
  GateRejected: closed,
  GateExpired: closed,
  GateVoided: closed,
  RecheckBegun: (run, { step, gate }) => inPhase(run, { name: "rechecking", step, gate }),
  StepAttempted: attempted,
  ProbeBegun: probing,
  OutcomeUnknown: (run, { evidence }) =>
    run.phase.name === "probing" ? inPhase(run, { ...pick(run.phase), name: "unknown", evidence }) : run,
  DriverChanged: (run, { driver }) => ({ ...run, driver, epoch: run.epoch + 1 }),
  Said: (run, { at, text, by }) => noted(run, { at, text, by }),
  EvidenceAttached: (run, { evidence }) => ({ ...run, evidence: [...run.evidence, evidence] }),
  Assigned: assigned,
  CancelBegun: cancelBegun,
  AlertNoted: (run, { status }) => ({ ...run, alert: status, reopened: false }),
  StepHeld: (run, { step, call }) => inPhase(run, { name: "held", step, call }),
  RunReopened: (run, { at, by }) =>
    noted({ ...run, reopened: true }, { at, text: `${by.name} re-opened the run although its alert is resolved`, by }),
  RunFinished: finished,
};

function evolveOpen(run: OpenRun, event: OpenEvent): OpenRun | FinishedRun {
  if (!Object.hasOwn(APPLY, event.type)) throw unknownEvent(run, event);
  // TypeScript cannot see that the entry and the event have the same type.
  const apply = APPLY[event.type] as Apply<OpenEvent["type"]>;
  return apply(run, event);
}

/** A newer version may have written what this one does not know: such a run is not guessed at. */
function unknownEvent(run: OpenRun, { type }: OpenEvent): FailureError {
  return new FailureError({
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

/** The steps inside appear right after their block, as if they had been written there. */
function blockBegun(run: OpenRun, path: string, block: Block): OpenRun {
  const begun: OpenRun = { ...run, blocks: { ...run.blocks, [path]: block } };
  const inside = pathsInside(begun, path, block).map((each) =>
    pending(each, stepOf(begun, each), scopeAt(begun, each)),
  );
  const steps = run.steps.flatMap((step) => (step.id === path ? [step, ...inside] : [step]));
  return inPhase({ ...begun, steps }, { name: "between" });
}

function assigned(run: OpenRun, { to, by, at }: Extract<RunEvent, { type: "Assigned" }>): OpenRun {
  const text = to.id === by.id ? `${to.name} took charge of the run` : `${by.name} handed the run to ${to.name}`;
  return noted({ ...run, assignee: to }, { at, text, by });
}

/** What was going on ends here, but for a call that is under way; the steps of `onCancel` appear at the end. */
function cancelBegun(run: OpenRun, event: Extract<RunEvent, { type: "CancelBegun" }>): OpenRun {
  const { by, reason, deadline, underWay, caution } = event;
  const left = run.steps.map((step): StepRecord =>
    step.status === "running" && step.id !== underWay
      ? { ...step, status: "skipped", text: `aborted by ${by.name}`, endedAt: event.at, by }
      : step,
  );
  const steps = [...left, ...cancelPaths(run).map((path) => pending(path, stepOf(run, path), scopeAt(run, path)))];
  const cancelling = { since: event.at, by, reason, deadline, underWay, caution };
  return { ...run, steps, cancelling, phase: underWay === undefined ? { name: "between" } : run.phase };
}

function polled(run: OpenRun, progress: string): OpenRun {
  const { phase } = run;
  return phase.name === "waiting" || phase.name === "manual" ? inPhase(run, { ...phase, progress }) : run;
}

/** How long one yes counted in a gate of version 0.1, which did not say it. */
const OLD_VOTES_EXPIRE_MS = 10 * 60_000;

function gateOpened(run: OpenRun, stored: Gate): OpenRun {
  const { groups = [], votesExpireMs = OLD_VOTES_EXPIRE_MS, planHash: hash } = stored as Partial<Gate>;
  const gate: Gate = { ...stored, groups, votesExpireMs, planHash: hash ?? planHash(stored.step, stored.plan) };
  const record: GateRecord = { gate, outcome: "open", brokenBy: undefined, text: undefined, closedAt: undefined };
  return { ...inPhase(run, { name: "gate", step: gate.step, gate }), gates: [...run.gates, record] };
}

function voted(run: OpenRun, event: Extract<RunEvent, { type: "GateVoted" }>): OpenRun {
  if (run.phase.name !== "gate") return run;
  const { votes, votesExpireMs } = run.phase.gate;
  const counting = votes.filter((vote) => event.at < vote.at + votesExpireMs);
  const gate = { ...run.phase.gate, votes: [...counting, { by: event.by, at: event.at }] };
  const gates = run.gates.map((record) => (record.gate.id === gate.id ? { ...record, gate } : record));
  return { ...inPhase(run, { ...run.phase, gate }), gates };
}

type GateClosing = Extract<
  RunEvent,
  { type: "GateAgreed" | "GateBroken" | "GateRejected" | "GateExpired" | "GateVoided" }
>;

/** People agreed, or one went past it: the facts are read again. */
function passed(run: OpenRun, event: GateClosing): OpenRun {
  return run.phase.name === "gate" ? inPhase(gateClosed(run, event), { ...run.phase, name: "rechecking" }) : run;
}

function closed(run: OpenRun, event: GateClosing): OpenRun {
  return inPhase(gateClosed(run, event), { name: "between" });
}

function gateClosed(run: OpenRun, event: GateClosing): OpenRun {
  const gates = run.gates.map((record) =>
    record.gate.id === event.gate ? { ...record, ...closing(record.gate, event), closedAt: event.at } : record,
  );
  return { ...run, gates };
}

function closing(gate: Gate, event: GateClosing): Partial<GateRecord> {
  switch (event.type) {
    case "GateAgreed":
      return { outcome: "agreed", text: `approved by ${gate.votes.map((vote) => vote.by.name).join(" and ")}` };
    case "GateBroken":
      return {
        outcome: "broken",
        brokenBy: event.by,
        text: `BREAK-GLASS by ${event.by.name} alone: ${event.reason}`,
      };
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

/** How long a call might take in version 0.1, which did not say it. */
const OLD_PERFORM_MS = 30_000;

function attempted(run: OpenRun, { step, plan, attempt }: Extract<RunEvent, { type: "StepAttempted" }>): OpenRun {
  const { epoch = run.epoch, deadline = attempt.at + OLD_PERFORM_MS } = attempt as Partial<Attempt>;
  const phase: Phase = { name: "attempted", step, plan, attempt: { ...attempt, epoch, deadline } };
  return { ...inPhase(run, phase), attempts: run.attempts + 1 };
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
