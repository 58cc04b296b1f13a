import { callsOf } from "../calls.ts";
import type { Rule } from "../rule.ts";

/** Refuses actions in places that run by themselves. */
export const actionInCheck: Rule = {
  name: "action-in-check",
  summary: "A `check`, `wait` or `watch` names an action, which would change something without a gate.",
  *check({ compilations, declarations: { checks, actions } }) {
    for (const { kind, name, namePath } of callsOf(compilations))
      if (kind === "check" && actions.has(name) && !checks.has(name))
        yield {
          path: namePath,
          message: `${name} is an action, it changes something; use "do" instead of "${String(namePath.at(-1))}"`,
        };
  },
};
