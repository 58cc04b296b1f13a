import type { StepCompilation } from "../compile-step.ts";
import type { ExpressionPlace, RunbookProblem } from "../place-compiler.ts";
import type { Rule } from "../rule.ts";
import { strayReferences } from "../stray-references.ts";

/** Refuses expressions and templates that do not fit the types of their place. */
export const expressionType: Rule = {
  name: "expression-type",
  summary: "An expression or a template does not parse, names something unknown, or has the wrong type.",
  *check({ compilations }) {
    for (const compilation of compilations) {
      const strays = compilation.problems.length > 0 ? strayPlaces(compilation, compilations) : [];
      for (const problem of compilation.problems)
        if (!strays.some((place) => isAt(problem, place)))
          yield { ...problem, message: `${placeName(problem, compilation)}: ${problem.message}` };
    }
  },
};

/** What another rule explains better (a step that does not exist yet) is left to it. */
function strayPlaces(own: StepCompilation, all: readonly StepCompilation[]): readonly ExpressionPlace[] {
  return own.places.filter((place) => strayReferences(own, all, place).length > 0);
}

function isAt({ path, offset = 0 }: RunbookProblem, place: ExpressionPlace): boolean {
  return (
    offset >= place.offset &&
    offset <= place.offset + place.text.length &&
    path.length === place.path.length &&
    path.every((part, index) => part === place.path[index])
  );
}

function placeName({ path }: RunbookProblem, { at }: StepCompilation): string {
  return path
    .slice(at.length)
    .map((step) => (typeof step === "number" ? step + 1 : String(step)))
    .join(" ");
}
