import { inputDefault, readInputValue } from "../input-value.ts";
import type { Rule } from "../rule.ts";
import { valueSpecs } from "../value-specs.ts";

/** Refuses a default that the input itself would refuse. */
export const inputDefaultRule: Rule = {
  name: "input-default",
  summary: "The default of an input or an answer is not one of its options, or not within its bounds.",
  *check({ runbook, compilations }) {
    for (const { spec, path } of valueSpecs(runbook, compilations)) {
      const value = inputDefault(spec);
      // What a pattern says of a default is another rule's.
      if (value === undefined || (spec.type === "string" && spec.pattern !== undefined)) continue;
      const reading = readInputValue(spec, value);
      if (!reading.ok) yield { path: [...path, "default"], message: `the default ${reading.why}` };
    }
  },
};
