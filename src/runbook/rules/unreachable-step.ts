import type { Expression } from "../../expression/compile-expression.ts";
import { evaluateCondition } from "../../expression/evaluate.ts";
import { references } from "../../expression/references.ts";
import type { CompiledCheck, CompiledStep } from "../compiled.ts";
import type { RunbookProblem } from "../place-compiler.ts";
import type { Rule } from "../rule.ts";

/** Refuses what can be seen never to happen. It claims only what needs no values to be known. */
export const unreachableStep: Rule = {
  name: "unreachable-step",
  summary: "A step or a branch can never happen: a condition that is never true, or an end before it.",
  *check({ compilations }) {
    let end: string | undefined;
    for (const [index, { step, problems }] of compilations.entries()) {
      const path = ["steps", index];
      if (end !== undefined)
        yield { path, message: `step "${step.id}" can never run: step "${end}" always ends the run` };
      if (problems.length > 0) continue;
      if (constant(step.when) === false)
        yield { path: [...path, "when"], message: `step "${step.id}" can never run: its condition is never true` };
      if (step.kind === "check") yield* deadBranch(step, path);
      if (alwaysEnds(step)) end ??= step.id;
    }
  },
};

function* deadBranch({ expect, otherwise }: CompiledCheck, path: readonly PropertyKey[]): Generator<RunbookProblem> {
  if (otherwise === undefined) return;
  if (expect === undefined)
    yield { path: [...path, "otherwise"], on: "key", message: '"otherwise" can never happen: there is no "expect"' };
  else if (constant(expect) === true)
    yield { path: [...path, "otherwise"], on: "key", message: '"otherwise" can never happen: "expect" is always true' };
}

function alwaysEnds(step: CompiledStep): boolean {
  const runs = step.when === undefined || constant(step.when) === true;
  return step.kind === "check" && runs && constant(step.expect) === false && step.otherwise?.finish !== undefined;
}

/** Gives the value of an expression that reads nothing. */
function constant(expression: Expression | undefined): boolean | undefined {
  if (expression === undefined || references(expression.text).length > 0) return undefined;
  try {
    return evaluateCondition(expression, { inputs: {}, steps: {}, result: {} });
  } catch {
    return undefined;
  }
}
