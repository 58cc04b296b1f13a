import { suggestion } from "../../lib/nearest.ts";
import type { Rule } from "../rule.ts";

/** Refuses to include what is not there. */
export const unknownRunbook: Rule = {
  name: "unknown-runbook",
  summary: "A step includes a runbook that is not in the directory.",
  *check({ runbook, compilations, library }) {
    for (const { step, at } of compilations) {
      if (!("include" in step) || library.ids.includes(step.include) || step.include === runbook.id) continue;
      const others = library.ids.filter((id) => id !== runbook.id);
      const message = `there is no runbook "${step.include}" beside this one${suggestion(step.include, others)}`;
      yield { path: [...at, "include"], message };
    }
  },
};
