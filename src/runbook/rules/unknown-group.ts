import { suggestion } from "../../lib/nearest.ts";
import type { Rule } from "../rule.ts";

/** Refuses groups that the configuration does not have: nobody could ever approve. Says nothing when no configuration is known. */
export const unknownGroup: Rule = {
  name: "unknown-group",
  summary: "A gate names a group that the configuration does not have, or names one twice.",
  *check({ compilations, groups }) {
    for (const { step, at } of compilations) {
      const named = "do" in step ? (step.gate?.groups ?? []) : [];
      for (const [index, group] of named.entries()) {
        const path = [...at, "gate", "groups", index];
        if (named.indexOf(group) < index) yield { path, message: `the group "${group}" is there already` };
        else if (groups !== undefined && !groups.includes(group))
          yield { path, message: `there is no group "${group}" in the configuration${suggestion(group, groups)}` };
      }
    }
  },
};
