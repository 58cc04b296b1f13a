import type { Rule } from "../rule.ts";
import { valueSpecs } from "../value-specs.ts";

/** Refuses an option that is there twice. */
export const duplicateOption: Rule = {
  name: "duplicate-option",
  summary: "An enum lists the same option twice.",
  *check({ runbook, compilations }) {
    for (const { spec, path } of valueSpecs(runbook, compilations)) {
      if (spec.type !== "enum") continue;
      for (const [index, option] of spec.options.entries())
        if (spec.options.indexOf(option) < index)
          yield { path: [...path, "options", index], message: `the option "${option}" is there already` };
    }
  },
};
