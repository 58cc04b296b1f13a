import type { Timestamp } from "../lib/clock.ts";
import { FailureError } from "../lib/failure.ts";
import { inputDefault, readInputValue } from "../runbook/input-value.ts";
import type { CheckStep, DoStep, ForEachStep, IncludeStep, ManualStep, Step, WaitStep } from "../runbook/schema.ts";
import { pathsInside } from "./blocks.ts";
import type { RunEvent } from "./events.ts";
import { showValue, type Program, type ScopeValues, type StepProgram } from "./program.ts";
import { requestCall } from "./request-call.ts";
import type { OpenRun, Values } from "./run.ts";

/** A step that is about to begin, with what its expressions may read. */
export type Beginning = {
  readonly path: string;
  readonly step: Step;
  readonly compiled: StepProgram;
  readonly scope: ScopeValues;
  readonly at: Timestamp;
  readonly program: Program;
};

/** More items than anybody watches one by one; a list that long is a mistake of the runbook. */
const MAX_ITEMS = 100;

/** Loops in loops multiply; every look at a run reads all its steps. */
const MAX_STEPS = 1000;

/** What beginning a step leads to, by its kind. Throws `FailureError` when an expression cannot be evaluated. */
// oxlint-disable-next-line complexity -- one line a kind
export function beginKind(run: OpenRun, beginning: Beginning): readonly RunEvent[] {
  const { path, step, compiled, scope, at, program } = beginning;
  if ("check" in step) return [beginCheck(step, beginning)];
  if ("wait" in step) return [run.dryRun ? beginCheck({ check: step.wait }, beginning) : beginWait(step, beginning)];
  if ("do" in step) return [requestCall(run, { path, call: callOf(step, beginning), at, program })];
  if ("forEach" in step) return [beginLoop(run, step, beginning)];
  if ("include" in step) return [beginInclude(run, step, beginning)];
  if (run.dryRun && ("ask" in step || "manual" in step)) return [assume(step, beginning)];
  if ("ask" in step) return [{ type: "AskBegun", at, step: path, text: compiled.text(scope), answer: step.answer }];
  if ("manual" in step) return [beginManual(step, beginning)];
  return [{ type: "StepSucceeded", at, step: path, result: {}, text: compiled.text(scope), by: undefined }];
}

function beginCheck({ check }: Pick<CheckStep, "check">, { path, compiled, scope, at }: Beginning): RunEvent {
  return { type: "CheckRequested", at, step: path, call: { name: check, with: compiled.input(scope) } };
}

function beginWait(step: WaitStep, { path, compiled, scope, at }: Beginning): RunEvent {
  const call = { name: step.wait, with: compiled.input(scope) };
  return { type: "WaitBegun", at, step: path, call, everyMs: step.every, deadline: at + step.timeout };
}

function callOf(step: DoStep, { compiled, scope }: Beginning) {
  return { name: step.do, with: compiled.input(scope) };
}

function beginLoop(run: OpenRun, { forEach }: ForEachStep, { path, compiled, scope, at }: Beginning): RunEvent {
  const items = compiled.list(scope);
  if (items.length > MAX_ITEMS)
    throw refusedList(`"${forEach}" has ${items.length} items, and at most ${MAX_ITEMS} are worked off`);
  const steps = run.steps.length + pathsInside(run, path, { items }).length;
  if (steps > MAX_STEPS) throw refusedList(`the run would have ${steps} steps, and ${MAX_STEPS} are the most`);
  return { type: "LoopBegun", at, step: path, items };
}

/** An input of type cluster is always the run's own: what people approved is bound to it. */
function beginInclude(run: OpenRun, step: IncludeStep, { path, compiled, scope, at }: Beginning): RunEvent {
  const runbook = run.included[step.include];
  if (runbook === undefined) throw refusedList(`the runbook "${step.include}" was not there when the run began`);
  const given = compiled.input(scope);
  const inputs: Values = Object.fromEntries(
    Object.entries(runbook.inputs).map(([name, input]) => {
      if (input.type === "cluster") return [name, run.cluster];
      const value = Object.hasOwn(given, name) ? given[name] : inputDefault(input);
      if (value === undefined) throw refusedList(`the input "${name}" of the runbook "${step.include}" is missing`);
      const read = readInputValue(input, value);
      if (!read.ok) throw refusedList(`the input "${name}" of the runbook "${step.include}" does not fit: ${read.why}`);
      return [name, read.value];
    }),
  );
  return { type: "IncludeBegun", at, step: path, inputs };
}

function beginManual(step: ManualStep, { path, compiled, scope, at }: Beginning): RunEvent {
  const watch =
    step.watch === undefined || compiled.watch === undefined
      ? undefined
      : { call: { name: step.watch.check, with: compiled.watch.input(scope) }, everyMs: step.watch.every };
  const text = compiled.text(scope);
  return { type: "ManualBegun", at, step: path, text, commands: compiled.commands(scope), watch };
}

/** A dry run asks nobody: it takes the default of an answer, and says what a human would be asked to do. */
function assume(step: Step, { path, compiled, scope, at }: Beginning): RunEvent {
  const text = compiled.text(scope);
  const answer = "ask" in step ? inputDefault(step.answer) : undefined;
  if (answer === undefined) {
    const commands = compiled.commands(scope).map((command) => `\n$ ${command}`);
    return { type: "StepPlanned", at, step: path, text: `A human: ${text}${commands.join("")}`, plan: undefined };
  }
  const assumed = `${text} Assumed for the dry run: ${showValue(answer)}.`;
  return { type: "StepSucceeded", at, step: path, result: { answer }, text: assumed, by: undefined };
}

function refusedList(why: string): FailureError {
  const message = `cannot begin the step: ${why}; correct the runbook, and start it again`;
  return new FailureError({ reason: "refused", retryable: false, message });
}
