import { findWaysBack } from "../include-circles.ts";
import type { Rule } from "../rule.ts";

/** Refuses runbooks that include themselves, directly or through others. */
export const includeCircle: Rule = {
  name: "include-circle",
  summary: "A runbook includes itself, directly or through others.",
  *check({ runbook, compilations, library }) {
    const wayBack = findWaysBack(runbook, library);
    for (const { step, at } of compilations) {
      const way = "include" in step ? wayBack(step.include) : undefined;
      if (way === undefined) continue;
      const through = way.slice(0, -1).map((id) => `"${id}"`);
      const message = `the runbook would include itself${through.length > 0 ? ` through ${through.join(", ")}` : ""}`;
      yield { path: [...at, "include"], message };
    }
  },
};
