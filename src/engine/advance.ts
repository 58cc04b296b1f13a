import type { Timestamp } from "../lib/clock.ts";
import { exhaustive } from "../lib/exhaustive.ts";
import { toFailure, type Failure } from "../lib/failure.ts";
import type { CheckStep, DoStep, ManualStep, Step, WaitStep } from "../runbook/schema.ts";
import { followedBy } from "./decision.ts";
import type { RunEvent } from "./events.ts";
import type { Program, ScopeValues, StepProgram } from "./program.ts";
import type { OpenRun, StepRecord } from "./run.ts";

/** Starts the next step that is due; skips those whose `when` is false; finishes the run after the last. */
export function advance(run: OpenRun, at: Timestamp, program: Program): readonly RunEvent[] {
  const next = run.steps.find((step) => step.status === "pending");
  if (next === undefined)
    return [{ type: "RunFinished", at, result: "resolved", text: "Every step is done.", by: undefined }];
  const compiled = stepProgram(program, next.id);
  const due = attemptEvaluation(() => compiled.when(scopeOf(run)));
  if (!due.ok) {
    return followedBy(run, [{ type: "StepStarted", at, step: next.id, title: next.title }], (begun) =>
      fail(begun, { step: next.id, failure: due.failure, at, program }),
    );
  }
  if (due.value) return startStep(run, next, at, program);
  const skipped: RunEvent = { type: "StepSkipped", at, step: next.id, text: "not needed", by: undefined };
  return followedBy(run, [skipped], (state) => advance(state, at, program));
}

/** Begins a step, for the first time or again. */
export function startStep(run: OpenRun, record: StepRecord, at: Timestamp, program: Program): readonly RunEvent[] {
  const compiled = stepProgram(program, record.id);
  const begun = attemptEvaluation(() => {
    const scope = scopeOf(run);
    const started: RunEvent = { type: "StepStarted", at, step: record.id, title: compiled.title(scope) };
    return [started, ...beginKind(stepOf(run, record.id), compiled, scope, at)];
  });
  if (!begun.ok) {
    const started: RunEvent = { type: "StepStarted", at, step: record.id, title: record.title };
    return followedBy(run, [started], (state) => fail(state, { step: record.id, failure: begun.failure, at, program }));
  }
  return record.kind === "say" ? followedBy(run, begun.value, (state) => advance(state, at, program)) : begun.value;
}

/** What a failed step leads to, by its `onFailure`. */
export function fail(
  run: OpenRun,
  {
    step,
    failure,
    at,
    program,
  }: { readonly step: string; readonly failure: Failure; readonly at: Timestamp; readonly program: Program },
): readonly RunEvent[] {
  const { onFailure } = stepOf(run, step);
  switch (onFailure) {
    case "ask":
      return [{ type: "StepStuck", at, step, failure }];
    case "stop":
      return [
        { type: "StepFailed", at, step, failure },
        { type: "RunFinished", at, result: "failed", text: failure.message, by: undefined },
      ];
    case "continue":
      return followedBy(run, [{ type: "StepFailed", at, step, failure }], (state) => advance(state, at, program));
    default:
      return exhaustive(onFailure);
  }
}

/** The expressions' view of a run. */
export function scopeOf(run: OpenRun): ScopeValues {
  return { inputs: run.inputs, steps: run.results };
}

/** Finds a step of the run's own runbook. */
export function stepOf(run: OpenRun, id: string): Step {
  const step = run.runbook.steps.find((candidate) => candidate.id === id);
  if (step === undefined) throw new Error(`run ${run.id} has no step "${id}"`);
  return step;
}

/** Finds a step's compiled expressions. */
export function stepProgram(program: Program, id: string): StepProgram {
  const compiled = program.steps.get(id);
  if (compiled === undefined) throw new Error(`no program for step "${id}"`);
  return compiled;
}

/** Evaluates; an expression that fails is a failure of its step, not of the program. */
export function attemptEvaluation<T>(
  evaluate: () => T,
): { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure } {
  try {
    return { ok: true, value: evaluate() };
  } catch (error) {
    return { ok: false, failure: toFailure(error) };
  }
}

function beginKind(step: Step, compiled: StepProgram, scope: ScopeValues, at: Timestamp): readonly RunEvent[] {
  if ("check" in step) return [beginCheck(step, compiled, scope, at)];
  if ("wait" in step) return [beginWait(step, compiled, scope, at)];
  if ("do" in step) return [beginDo(step, compiled, scope, at)];
  if ("manual" in step) return [beginManual(step, compiled, scope, at)];
  return [{ type: "StepSucceeded", at, step: step.id, result: {}, text: compiled.text(scope), by: undefined }];
}

function beginCheck(step: CheckStep, compiled: StepProgram, scope: ScopeValues, at: Timestamp): RunEvent {
  return { type: "CheckRequested", at, step: step.id, call: { name: step.check, with: compiled.input(scope) } };
}

function beginWait(step: WaitStep, compiled: StepProgram, scope: ScopeValues, at: Timestamp): RunEvent {
  const call = { name: step.wait, with: compiled.input(scope) };
  return { type: "WaitBegun", at, step: step.id, call, everyMs: step.every, deadline: at + step.timeout };
}

function beginDo(step: DoStep, compiled: StepProgram, scope: ScopeValues, at: Timestamp): RunEvent {
  return { type: "PlanRequested", at, step: step.id, call: { name: step.do, with: compiled.input(scope) } };
}

function beginManual(step: ManualStep, compiled: StepProgram, scope: ScopeValues, at: Timestamp): RunEvent {
  const watch =
    step.watch === undefined || compiled.watch === undefined
      ? undefined
      : { call: { name: step.watch.check, with: compiled.watch.input(scope) }, everyMs: step.watch.every };
  return {
    type: "ManualBegun",
    at,
    step: step.id,
    text: compiled.text(scope),
    commands: compiled.commands(scope),
    watch,
  };
}
