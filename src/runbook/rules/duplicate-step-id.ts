import type { Rule } from "../rule.ts";

/** Refuses a step id that an earlier step has. */
export const duplicateStepId: Rule = {
  name: "duplicate-step-id",
  summary: "Two steps have the same id, so nobody could tell their results apart.",
  *check({ runbook }) {
    const seen = new Map<string, number>();
    for (const [index, { id }] of runbook.steps.entries()) {
      const first = seen.get(id);
      if (first === undefined) seen.set(id, index);
      else yield { path: ["steps", index, "id"], message: `step ${first + 1} has the id "${id}" already` };
    }
  },
};
