import type { Action } from "../actions/action.ts";
import type { Program, ScopeValues, StepProgram } from "../engine/program.ts";
import { evaluateCondition, evaluateList, type ExpressionValues } from "../expression/evaluate.ts";
import { renderCommand } from "../expression/render-command.ts";
import { renderText, type Template } from "../expression/template.ts";
import { FailureError } from "../lib/failure.ts";
import { compileRunbook } from "../runbook/compile.ts";
import { renderWith, type CompiledStep, type CompiledWatch } from "../runbook/compiled.ts";
import type { Declarations } from "../runbook/declarations.ts";
import type { Runbook } from "../runbook/schema.ts";

/** Makes a runbook with what it includes ready for the engine; throws reason `refused` when it names what this version does not have. */
export function compileProgram(
  runbook: Runbook,
  included: Readonly<Record<string, Runbook>>,
  declarations: Declarations,
  actions: ReadonlyMap<string, Action>,
): Program {
  const compilation = compileRunbook(runbook, declarations, included);
  if (!compilation.ok) {
    throw new FailureError({
      reason: "refused",
      retryable: false,
      message: `cannot carry out runbook ${runbook.id}: ${compilation.problems.map(({ message }) => message).join("; ")}`,
    });
  }
  const steps = [...compilation.compiled.steps].map(([path, step]): [string, StepProgram] => [path, programOf(step)]);
  return { steps: new Map(steps), actions };
}

function programOf(step: CompiledStep): StepProgram {
  const { when, title } = step;
  return {
    when: (scope) => when === undefined || evaluateCondition(when, valuesOf(scope)),
    title: (scope) => (title === undefined ? step.id.replaceAll("_", " ") : renderText(title, valuesOf(scope))),
    input: (scope) => ("with" in step ? renderWith(step.with, valuesOf(scope)) : {}),
    condition: conditionOf(step),
    text: textOf(step),
    commands: (scope) =>
      step.kind === "manual" ? step.commands.map((command) => renderCommand(command, valuesOf(scope))) : [],
    shows: showsOf(step),
    watch: step.kind === "manual" && step.watch !== undefined ? watchOf(step.watch) : undefined,
    list: (scope) => (step.kind === "forEach" ? evaluateList(step.list, valuesOf(scope)) : []),
  };
}

function conditionOf(step: CompiledStep): StepProgram["condition"] {
  const expression = step.kind === "check" ? step.expect : step.kind === "wait" ? step.until : undefined;
  return (scope) => expression === undefined || evaluateCondition(expression, valuesOf(scope));
}

function textOf(step: CompiledStep): StepProgram["text"] {
  const template = templateOf(step);
  return (scope) => (template === undefined ? "" : renderText(template, valuesOf(scope)));
}

function templateOf(step: CompiledStep): Template | undefined {
  switch (step.kind) {
    case "check":
      return step.otherwise?.say;
    case "ask":
    case "manual":
      return step.text;
    case "say":
      return step.say;
    default:
      return undefined;
  }
}

function showsOf(step: CompiledStep): StepProgram["shows"] {
  const template =
    step.kind === "check"
      ? step.shows
      : step.kind === "wait"
        ? step.progress
        : step.kind === "manual"
          ? step.watch?.progress
          : undefined;
  return template === undefined ? undefined : (scope) => renderText(template, valuesOf(scope));
}

function watchOf(watch: CompiledWatch): NonNullable<StepProgram["watch"]> {
  return {
    input: (scope) => renderWith(watch.with, valuesOf(scope)),
    until: (scope) => evaluateCondition(watch.until, valuesOf(scope)),
  };
}

function valuesOf({ inputs, steps, items, result }: ScopeValues): ExpressionValues {
  return { ...items, inputs, steps, ...(result !== undefined && { result }) };
}
