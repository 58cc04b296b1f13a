import type { Timestamp } from "../lib/clock.ts";
import { exhaustive } from "../lib/exhaustive.ts";
import { toFailure, type Failure } from "../lib/failure.ts";
import { CANCEL, definitionPath } from "../runbook/step-path.ts";
import { beginKind } from "./begin-step.ts";
import { countInside, isInside, scopeAt, stepOf } from "./blocks.ts";
import { followedBy } from "./decision.ts";
import type { RunEvent } from "./events.ts";
import type { Program, StepProgram } from "./program.ts";
import { replay } from "./evolve.ts";
import type { OpenRun, Run, StepRecord } from "./run.ts";

/** Ends the blocks whose steps have all ended and begins the steps that are due, up to one that waits; finishes the run after the last. */
export function advance(run: OpenRun, at: Timestamp, program: Program): readonly RunEvent[] {
  const events: RunEvent[] = [];
  let state: Run = run;
  // A loop and no recursion: a thousand steps may end at one moment.
  while (state.status === "open" && state.phase.name === "between") {
    const next = goOnce(state, at, program);
    events.push(...next);
    state = replay(next, state);
  }
  return events;
}

function goOnce(run: OpenRun, at: Timestamp, program: Program): readonly RunEvent[] {
  const block = endedBlock(run);
  if (block !== undefined) return [endOfBlock(run, block, at)];
  const next = run.steps.find((step) => step.status === "pending" && isDue(run, step));
  if (next === undefined) return [endOfRun(run, at)];
  const due = attemptEvaluation(() => stepProgram(program, next.id).when(scopeAt(run, next.id)));
  if (!due.ok) {
    const started: RunEvent = { type: "StepStarted", at, step: next.id, title: next.title };
    return [started, ...failOnce(run, { step: next.id, failure: due.failure, at, program })];
  }
  if (due.value) return begin(run, next, at, program);
  return [{ type: "StepSkipped", at, step: next.id, text: "not needed", by: undefined }];
}

/** Begins a step, for the first time or again. */
export function startStep(run: OpenRun, record: StepRecord, at: Timestamp, program: Program): readonly RunEvent[] {
  return followedBy(run, begin(run, record, at, program), (state) => advance(state, at, program));
}

function begin(run: OpenRun, record: StepRecord, at: Timestamp, program: Program): readonly RunEvent[] {
  const { id } = record;
  const begun = attemptEvaluation(() => {
    const compiled = stepProgram(program, id);
    const scope = scopeAt(run, id);
    const started: RunEvent = { type: "StepStarted", at, step: id, title: compiled.title(scope) };
    const kind = beginKind(run, { path: id, step: stepOf(run, id), compiled, scope, at, program });
    return [started, ...kind];
  });
  if (begun.ok) return begun.value;
  const started: RunEvent = { type: "StepStarted", at, step: id, title: record.title };
  return [started, ...failOnce(run, { step: id, failure: begun.failure, at, program })];
}

/** What went wrong with a step, and what deciding on it takes. */
type Failed = {
  readonly step: string;
  readonly failure: Failure;
  readonly at: Timestamp;
  readonly program: Program;
};

/** What a failed step leads to, by its `onFailure`. A run that is being aborted and a dry run ask nobody. */
export function fail(run: OpenRun, failed: Failed): readonly RunEvent[] {
  return followedBy(run, failOnce(run, failed), (state) => advance(state, failed.at, failed.program));
}

function failOnce(run: OpenRun, { step, failure, at }: Failed): readonly RunEvent[] {
  const { onFailure } = stepOf(run, step);
  const failed: RunEvent = { type: "StepFailed", at, step, failure };
  if (run.cancelling !== undefined || run.dryRun) return [failed];
  switch (onFailure) {
    case "ask":
      return [{ type: "StepStuck", at, step, failure }];
    case "stop":
      return [failed, { type: "RunFinished", at, result: "failed", text: failure.message, by: undefined }];
    case "continue":
      return [failed];
    default:
      return exhaustive(onFailure);
  }
}

/** Finds a step's compiled expressions. */
export function stepProgram(program: Program, path: string): StepProgram {
  const compiled = program.steps.get(definitionPath(path));
  if (compiled === undefined) throw new Error(`no program for step "${path}"`);
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

/** Says how an aborted run ended, and what became of the call that was under way. */
export function abortedText({ cancelling, steps }: Pick<OpenRun, "cancelling" | "steps">): string {
  if (cancelling === undefined) return "Aborted.";
  const { by, reason, underWay, caution } = cancelling;
  const call = steps.find(({ id }) => id === underWay);
  const became =
    call === undefined
      ? ""
      : ` A call was under way (${call.title}): ${call.text ?? "whether it took effect was not verified"}.`;
  return `Aborted by ${by.name}: ${reason}.${became}${caution === undefined ? "" : ` ${caution}`}`;
}

/** While people abort a run, only the steps of `onCancel` are due. */
function isDue({ cancelling }: OpenRun, { id }: StepRecord): boolean {
  return cancelling === undefined || id.startsWith(`${CANCEL}.`);
}

/** The innermost block that runs and has nothing left to do. */
function endedBlock({ steps, blocks }: OpenRun): StepRecord | undefined {
  return steps.findLast(
    ({ id, status }) =>
      status === "running" &&
      Object.hasOwn(blocks, id) &&
      !steps.some((step) => isInside(step.id, id) && (step.status === "pending" || step.status === "running")),
  );
}

function endOfBlock({ steps, blocks }: OpenRun, { id }: StepRecord, at: Timestamp): RunEvent {
  const counts = countInside(steps, id);
  const block = blocks[id];
  const text = `${counts.done} done${counts.failed > 0 ? `, ${counts.failed} failed` : ""}${counts.skipped > 0 ? `, ${counts.skipped} not needed` : ""}`;
  const result =
    block !== undefined && "items" in block ? { count: block.items.length, ...counts } : { result: "done" };
  return { type: "StepSucceeded", at, step: id, result, text, by: undefined };
}

function endOfRun(run: OpenRun, at: Timestamp): RunEvent {
  const by = run.cancelling?.by;
  if (by !== undefined) return { type: "RunFinished", at, result: "aborted", text: abortedText(run), by };
  if (run.dryRun)
    return { type: "RunFinished", at, result: "planned", text: "Dry run: nothing was changed.", by: undefined };
  return { type: "RunFinished", at, result: "resolved", text: "Every step is done.", by: undefined };
}
