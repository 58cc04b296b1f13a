import { suggestion } from "../../lib/nearest.ts";
import { callsOf } from "../calls.ts";
import type { Rule } from "../rule.ts";

/** Refuses names that no check and no action has, and checks where an action is wanted. */
export const unknownAction: Rule = {
  name: "unknown-action",
  summary: "A step names a check or an action that does not exist, or a check under `do`.",
  *check({ compilations, declarations: { checks, actions } }) {
    for (const { kind, name, namePath } of callsOf(compilations)) {
      if (kind === "action" && checks.has(name))
        yield { path: namePath, message: `${name} is a check, it only reads; use "check" instead of "do"` };
      else if (!checks.has(name) && !actions.has(name))
        yield {
          path: namePath,
          message: `there is no ${kind} "${name}"${suggestion(name, [...(kind === "check" ? checks : actions).keys()])}`,
        };
    }
  },
};
