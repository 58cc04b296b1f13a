import type { StepCompilation } from "../compile-step.ts";
import type { RunbookProblem } from "../place-compiler.ts";
import type { Rule } from "../rule.ts";
import type { Runbook } from "../schema.ts";
import { strayReferences } from "../stray-references.ts";

/** Refuses expressions and templates that do not fit the types of their place. */
export const expressionType: Rule = {
  name: "expression-type",
  summary: "An expression or a template does not parse, names something unknown, or has the wrong type.",
  *check({ runbook, compilations }) {
    for (const [index, compilation] of compilations.entries())
      for (const problem of compilation.problems)
        if (!isStray(problem, runbook, index, compilation))
          yield { ...problem, message: `${placeName(problem)}: ${problem.message}` };
  },
};

/** What another rule explains better (a step that does not exist yet) is left to it. */
function isStray(
  { path, offset = 0 }: RunbookProblem,
  runbook: Runbook,
  index: number,
  { places }: StepCompilation,
): boolean {
  return places.some(
    (place) =>
      place.path.join("/") === path.join("/") &&
      offset >= place.offset &&
      offset <= place.offset + place.text.length &&
      strayReferences(runbook, index, place).length > 0,
  );
}

function placeName({ path }: RunbookProblem): string {
  return path
    .slice(2)
    .map((step) => (typeof step === "number" ? step + 1 : String(step)))
    .join(" ");
}
