import { readInputValue, type ValueSpec } from "../input-value.ts";
import { patternRisk } from "../pattern-risk.ts";
import type { Rule } from "../rule.ts";
import { valueSpecs } from "../value-specs.ts";

/** Refuses patterns that are no regular expressions, and defaults that their own pattern refuses. */
export const invalidPattern: Rule = {
  name: "invalid-pattern",
  summary:
    "The pattern of an input or an answer is not a regular expression, could take for ever, or refuses its own default.",
  *check({ runbook, compilations }) {
    for (const { spec, path } of valueSpecs(runbook, compilations)) {
      const message = judge(spec);
      if (message !== undefined) yield { path: [...path, "pattern"], message };
    }
  },
};

function judge(spec: ValueSpec): string | undefined {
  if (spec.type !== "string" || spec.pattern === undefined) return undefined;
  if (!isPattern(spec.pattern)) return "this is not a regular expression";
  const risk = patternRisk(spec.pattern);
  if (risk !== undefined) return `trying this pattern could take for ever: ${risk}`;
  return spec.default === undefined || readInputValue(spec, spec.default).ok
    ? undefined
    : "the pattern refuses its own default";
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(`^(?:${text})$`, "u") instanceof RegExp;
  } catch {
    return false;
  }
}
