import type { StepCompilation } from "../compile-step.ts";
import type { Rule } from "../rule.ts";

/** Refuses a step id that an earlier step has, wherever in the file. */
export const duplicateStepId: Rule = {
  name: "duplicate-step-id",
  summary: "Two steps have the same id, so nobody could tell their results apart.",
  *check({ compilations }) {
    const seen = new Map<string, StepCompilation>();
    for (const compilation of compilations) {
      const { id } = compilation.step;
      const first = seen.get(id);
      if (first === undefined) seen.set(id, compilation);
      else yield { path: [...compilation.at, "id"], message: `${nameOf(first)} has the id "${id}" already` };
    }
  },
};

function nameOf({ at, loops }: StepCompilation): string {
  const place = loops.at(-1) === undefined ? "" : ` of "${loops.at(-1)?.id}"`;
  return `step ${Number(at.at(-1)) + 1}${place}`;
}
