import type { DocumentPath } from "../../document/positions.ts";
import type { Template } from "../../expression/template.ts";
import { suggestion } from "../../lib/nearest.ts";
import type { CompiledWith } from "../compiled.ts";
import { constantOf, givenType } from "../given-value.ts";
import { inputDefault, readInputValue } from "../input-value.ts";
import type { RunbookProblem } from "../place-compiler.ts";
import type { Rule } from "../rule.ts";
import type { Input, Runbook } from "../schema.ts";
import { valueTypeOf } from "../scope.ts";

/** Refuses values that an included runbook does not take, and demands those that it needs. */
export const includeInputs: Rule = {
  name: "include-inputs",
  summary: "`with` of an include has an unknown input, one of the wrong type, or lacks one that the runbook needs.",
  *check({ compilations, library }) {
    for (const { step, at, compiled, problems } of compilations) {
      const included = "include" in step ? library.get(step.include) : undefined;
      if (!("include" in step) || included === undefined || library.isBroken(step.include)) continue;
      yield* misnamed(step.with, included, at);
      if (problems.length === 0 && compiled.kind === "include") yield* mistyped(compiled.with, included, at);
    }
  },
};

function* misnamed(given: object, { id, inputs }: Runbook, at: DocumentPath): Generator<RunbookProblem> {
  const takes = Object.keys(inputs).filter((name) => inputs[name]?.type !== "cluster");
  for (const name of Object.keys(given)) {
    const path = [...at, "with", name];
    if (Object.hasOwn(inputs, name) && !takes.includes(name))
      yield { path, on: "key", message: `"${name}" is always the cluster of this run; take it away` };
    else if (!takes.includes(name))
      yield { path, on: "key", message: `the runbook "${id}" has no input "${name}"${suggestion(name, takes)}` };
  }
  for (const name of takes) {
    const input = inputs[name];
    if (input !== undefined && !Object.hasOwn(given, name) && inputDefault(input) === undefined)
      yield { path: [...at, "include"], message: `the runbook "${id}" needs "${name}" under "with"` };
  }
}

function* mistyped(given: CompiledWith, { inputs }: Runbook, at: DocumentPath): Generator<RunbookProblem> {
  for (const [name, value] of Object.entries(given)) {
    const input = Object.hasOwn(inputs, name) ? inputs[name] : undefined;
    if (input === undefined || input.type === "cluster") continue;
    const message = judge(name, value, input);
    if (message !== undefined) yield { path: [...at, "with", name], message };
  }
}

function judge(name: string, value: Template | number | boolean, input: Input): string | undefined {
  const constant = constantOf(value);
  if (constant !== undefined) {
    const reading = readInputValue(input, constant);
    return reading.ok ? undefined : `"${name}" ${reading.why}`;
  }
  const [wanted, type] = [valueTypeOf(input), givenType(value as Template)];
  return type === "dyn" || type === wanted ? undefined : `"${name}" must be ${wanted}, but this gives ${type}`;
}
