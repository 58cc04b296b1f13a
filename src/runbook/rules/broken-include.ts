import { findWaysBack } from "../include-circles.ts";
import type { Rule } from "../rule.ts";

/** Refuses to include a runbook that could not be started by itself. */
export const brokenInclude: Rule = {
  name: "broken-include",
  summary: "An included runbook has findings of its own.",
  *check({ runbook, compilations, library }) {
    const wayBack = findWaysBack(runbook, library);
    for (const { step, at } of compilations) {
      if (!("include" in step) || !library.ids.includes(step.include)) continue;
      if (wayBack(step.include) !== undefined || !library.isBroken(step.include)) continue;
      yield { path: [...at, "include"], message: `the runbook "${step.include}" is not good itself; correct it first` };
    }
  },
};
