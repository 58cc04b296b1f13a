import { allSteps } from "../step-path.ts";
import { includedIn } from "../library.ts";
import type { Rule } from "../rule.ts";

/** Refuses to let two runs disrupt one cluster at the same time. */
export const lockNone: Rule = {
  name: "lock-none",
  summary: "`lock: none` stands in a runbook with a disruptive or destructive action, its own or an included one.",
  *check({ runbook, library, declarations: { actions } }) {
    if (runbook.lock !== "none") return;
    for (const book of [runbook, ...Object.values(includedIn(runbook, library))])
      for (const { step } of allSteps({ runbook: book, included: {} })) {
        const danger = "do" in step ? actions.get(step.do)?.danger : undefined;
        if (!("do" in step) || danger === undefined || danger === "reversible") continue;
        const message = `${step.do} is ${danger}: two runs must not do that to one cluster at the same time`;
        yield { path: ["lock"], message };
        return;
      }
  },
};
