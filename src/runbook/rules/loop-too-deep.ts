import { foldIncludes } from "../library.ts";
import { ownSteps } from "../own-steps.ts";
import type { Rule } from "../rule.ts";
import type { Runbook } from "../schema.ts";

const DEEPEST = 3;

/** Keeps the number of rounds one that people can watch, whatever the loops are spread over. */
export const loopTooDeep: Rule = {
  name: "loop-too-deep",
  summary: "Loops are nested more than three deep, those of included runbooks counted.",
  *check({ compilations, library }) {
    const depthOf = foldIncludes(library, deepest);
    for (const { step, at, loops } of compilations) {
      const inside = "include" in step ? depthOf(step.include) : 0;
      const depth = loops.length + ("forEach" in step ? 1 : inside);
      if (depth <= DEEPEST || ("include" in step ? inside === 0 : !("forEach" in step))) continue;
      const message = `loops may be nested ${DEEPEST} deep, and this is ${depth} deep`;
      yield { path: [...at, "include" in step ? "include" : "forEach"], message };
    }
  },
};

function deepest(runbook: Runbook, inner: (id: string) => number): number {
  const depths = ownSteps(runbook).map(({ step, loops }) =>
    "include" in step ? loops.length + inner(step.include) : loops.length + Number("forEach" in step),
  );
  return Math.max(...depths);
}
