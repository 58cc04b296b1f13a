import type { Rule } from "../rule.ts";

/** Demands that a runbook which disrupts says how to go back, before anybody starts it. */
export const missingRollback: Rule = {
  name: "missing-rollback",
  summary: "A runbook with a disruptive or destructive action does not say how to go back.",
  *check({ runbook, compilations, declarations: { actions } }) {
    if (runbook.rollback !== undefined) return;
    for (const { step, at } of compilations) {
      const danger = "do" in step ? actions.get(step.do)?.danger : undefined;
      if (!("do" in step) || danger === undefined || danger === "reversible") continue;
      const message = `${step.do} is ${danger}: say under "rollback" how to go back, or why there is no way back`;
      yield { path: [...at, "do"], message };
      return;
    }
  },
};
