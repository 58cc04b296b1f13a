import type { DocumentPath } from "../../document/positions.ts";
import type { Expression } from "../../expression/compile-expression.ts";
import { evaluateCondition } from "../../expression/evaluate.ts";
import type { StepCompilation } from "../compile-step.ts";
import type { CompiledCheck, CompiledStep } from "../compiled.ts";
import type { RunbookProblem } from "../place-compiler.ts";
import type { Rule } from "../rule.ts";

/** Refuses what can be seen never to happen. It claims only what needs no values to be known. */
export const unreachableStep: Rule = {
  name: "unreachable-step",
  summary:
    "A step or a branch can never happen: a condition that is never true, a list without items, or an end before it.",
  *check({ compilations }) {
    const ends = new Map<string, string>();
    for (const { at, compiled, problems } of compilations) {
      const list = at.slice(0, -1).join("/");
      const end = ends.get(list);
      if (end !== undefined)
        yield { path: at, message: `step "${compiled.id}" can never run: step "${end}" always ends the run` };
      if (problems.length > 0) continue;
      yield* deadStep(compiled, at);
      if (end === undefined && alwaysEnds(compiled)) ends.set(list, compiled.id);
    }
  },
};

function* deadStep(step: CompiledStep, path: StepCompilation["at"]): Generator<RunbookProblem> {
  if (constant(step.when) === false)
    yield { path: [...path, "when"], message: `step "${step.id}" can never run: its condition is never true` };
  if (step.kind === "check") yield* deadBranch(step, path);
  if (step.kind === "forEach" && /^\s*\[\s*\]\s*$/u.test(step.list.text))
    yield { path: [...path, "forEach"], message: `the steps of "${step.id}" can never run: the list has no items` };
}

function* deadBranch({ expect, otherwise }: CompiledCheck, path: DocumentPath): Generator<RunbookProblem> {
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

const READS = /\b(?:inputs|steps|result)\b/u;

/** Gives the value of an expression that reads nothing; undefined also when it reads the item of a loop. */
function constant(expression: Expression | undefined): boolean | undefined {
  if (expression === undefined || READS.test(expression.text)) return undefined;
  try {
    return evaluateCondition(expression, { inputs: {}, steps: {}, result: {} });
  } catch {
    return undefined;
  }
}
