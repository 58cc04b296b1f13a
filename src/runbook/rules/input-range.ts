import { formatDuration } from "../../lib/duration.ts";
import type { Rule } from "../rule.ts";
import { valueSpecs } from "../value-specs.ts";

/** Refuses bounds that leave nothing between them. */
export const inputRange: Rule = {
  name: "input-range",
  summary: "The smallest value of an input or an answer is larger than its largest.",
  *check({ runbook, compilations }) {
    for (const { spec, path } of valueSpecs(runbook, compilations)) {
      if (spec.type !== "int" && spec.type !== "duration") continue;
      const { min, max } = spec;
      if (min === undefined || max === undefined || min <= max) continue;
      const write = spec.type === "int" ? String : formatDuration;
      yield { path: [...path, "min"], message: `nothing fits: "min" is ${write(min)}, and "max" is ${write(max)}` };
    }
  },
};
