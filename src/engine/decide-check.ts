import type { ManualStep } from "../runbook/schema.ts";
import { advance, attemptEvaluation, fail, stepProgram } from "./advance.ts";
import { includeAround, isInside, scopeAt, stepOf } from "./blocks.ts";
import type { RunCommand } from "./commands.ts";
import { followedBy, happened, nothing, type Decision } from "./decision.ts";
import type { RunEvent } from "./events.ts";
import { showValues, type Program } from "./program.ts";
import type { Manual, OpenRun, Values, Waiting } from "./run.ts";

type Command<T extends RunCommand["type"]> = Extract<RunCommand, { type: T }>;

/** A check answered: the expectation holds, or the run takes its `otherwise`, or the step fails. */
export function recordCheck(command: Command<"RecordCheck">, run: OpenRun, program: Program): Decision {
  const { phase } = run;
  if (phase.name !== "checking" || phase.step !== command.step) return nothing;
  const { step, at, outcome } = command;
  if (!outcome.ok) return happened(...fail(run, { step, failure: outcome.failure, at, program }));
  const compiled = stepProgram(program, step);
  const judged = attemptEvaluation(() => {
    const scope = { ...scopeAt(run, step), result: outcome.value };
    const holds = compiled.condition(scope);
    const shown = compiled.shows?.(scope) ?? showValues(outcome.value);
    return { holds, shown, otherwise: holds ? "" : compiled.text(scope) };
  });
  if (!judged.ok) return happened(...fail(run, { step, failure: judged.failure, at, program }));
  const { holds, shown, otherwise } = judged.value;
  const ending = { step, result: outcome.value, text: shown, at };
  return happened(...(holds ? succeed(run, ending, program) : unexpected(run, { ...ending, otherwise }, program)));
}

/** A poll answered: the step ends when its condition holds; progress is stored only when it changed. */
export function recordPoll(command: Command<"RecordPoll">, run: OpenRun, program: Program): Decision {
  const { phase } = run;
  if ((phase.name !== "waiting" && phase.name !== "manual") || phase.step !== command.step) return nothing;
  const judged = judgePoll(command, run, program);
  if (judged.done) {
    const text = phase.name === "manual" ? `seen by ${phase.watch?.call.name ?? "the run"}` : judged.text;
    return happened(...succeed(run, { step: command.step, result: judged.result, text, at: command.at }, program));
  }
  if (phase.name === "waiting" && command.at >= phase.deadline)
    return happened(...timeOut(phase, judged.text, run, { at: command.at, program }));
  return judged.text === phase.progress
    ? nothing
    : happened({ type: "Polled", at: command.at, step: command.step, progress: judged.text });
}

/** A wait's time is over. */
export function timeOut(
  phase: Waiting,
  last: string | undefined,
  run: OpenRun,
  { at, program }: { readonly at: number; readonly program: Program },
): readonly RunEvent[] {
  const seconds = Math.round(
    (phase.deadline - (run.steps.find((step) => step.id === phase.step)?.startedAt ?? at)) / 1000,
  );
  const message = `waited ${seconds}s in vain for "${phase.step}" (${phase.call.name}); last seen: ${last ?? "nothing"}`;
  return fail(run, { step: phase.step, failure: { reason: "timeout", message, retryable: true }, at, program });
}

type Ending = { readonly step: string; readonly result: Values; readonly text: string; readonly at: number };

function succeed(run: OpenRun, { step, result, text, at }: Ending, program: Program): readonly RunEvent[] {
  const succeeded: RunEvent = { type: "StepSucceeded", at, step, result, text, by: undefined };
  return followedBy(run, [succeeded], (state) => advance(state, at, program));
}

function unexpected(
  run: OpenRun,
  ending: Ending & { readonly otherwise: string },
  program: Program,
): readonly RunEvent[] {
  const { step, text, at } = ending;
  const declared = stepOf(run, step);
  if ("wait" in declared) {
    const planned = `Would wait until ${declared.until} holds; now: ${text}`;
    const event: RunEvent = { type: "StepPlanned", at, step, text: planned, plan: undefined };
    return followedBy(run, [event], (state) => advance(state, at, program));
  }
  if (!("check" in declared) || declared.otherwise === undefined) {
    const expected = "expect" in declared ? (declared.expect ?? "") : "";
    const message = `"${step}" is not as expected: ${expected} does not hold (${text})`;
    return fail(run, { step, failure: { reason: "refused", message, retryable: true }, at, program });
  }
  return finishOrGoOn(run, { ...ending, finish: declared.otherwise.finish }, program);
}

type Finishing = Ending & { readonly otherwise: string; readonly finish: "resolved" | "stopped" | undefined };

/** What was not expected ends the run, or only the included runbook that it is in, or is just told. */
function finishOrGoOn(
  run: OpenRun,
  { finish, otherwise, ...ending }: Finishing,
  program: Program,
): readonly RunEvent[] {
  const { step, at, result, text } = ending;
  if (finish === undefined || run.cancelling !== undefined)
    return succeed(run, { ...ending, text: otherwise }, program);
  const include = includeAround(run, step);
  if (include !== undefined && finish === "resolved")
    return endInclude(run, { ...ending, text: otherwise }, { include, program });
  const outcome = run.dryRun ? "planned" : finish;
  const said = run.dryRun ? `Dry run: it would end here (${finish}). ${otherwise}` : otherwise;
  return [
    { type: "StepSucceeded", at, step, result, text, by: undefined },
    { type: "RunFinished", at, result: outcome, text: said, by: undefined },
  ];
}

/** The included runbook says itself that there is nothing more to do; the run goes on after it. */
function endInclude(
  run: OpenRun,
  { step, result, text, at }: Ending,
  { include, program }: { readonly include: string; readonly program: Program },
): readonly RunEvent[] {
  const left = run.steps.filter(
    ({ id, status }) => id !== step && isInside(id, include) && (status === "pending" || status === "running"),
  );
  const skipped = left.map(({ id }): RunEvent => ({
    type: "StepSkipped",
    at,
    step: id,
    text: "not needed any more",
    by: undefined,
  }));
  const events: readonly RunEvent[] = [
    { type: "StepSucceeded", at, step, result, text, by: undefined },
    ...skipped,
    { type: "StepSucceeded", at, step: include, result: { result: "resolved" }, text, by: undefined },
  ];
  return followedBy(run, events, (state) => advance(state, at, program));
}

type Judged = { readonly done: boolean; readonly result: Values; readonly text: string };

function judgePoll(command: Command<"RecordPoll">, run: OpenRun, program: Program): Judged {
  const { outcome } = command;
  if (!outcome.ok) return { done: false, result: {}, text: outcome.failure.message };
  const compiled = stepProgram(program, command.step);
  const judged = attemptEvaluation(() => {
    const scope = { ...scopeAt(run, command.step), result: outcome.value };
    const done = compiled.watch === undefined ? compiled.condition(scope) : compiled.watch.until(scope);
    return { done, text: compiled.shows?.(scope) ?? showValues(outcome.value) };
  });
  if (!judged.ok) return { done: false, result: {}, text: judged.failure.message };
  return { ...judged.value, result: outcome.value };
}

/** Only a manual step without `watch` is ended by a human's word. */
export function endsByWord(step: ManualStep): boolean {
  return step.watch === undefined;
}

/** The phase of a manual step, for those who confirm it. */
export function manualPhase(run: OpenRun, step: string): Manual | undefined {
  return run.phase.name === "manual" && run.phase.step === step ? run.phase : undefined;
}
