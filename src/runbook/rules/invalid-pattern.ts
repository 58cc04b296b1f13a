import type { Input } from "../schema.ts";
import type { Rule } from "../rule.ts";

/** Refuses patterns of inputs that are no regular expressions, and defaults that their own pattern refuses. */
export const invalidPattern: Rule = {
  name: "invalid-pattern",
  summary: "The pattern of an input is not a regular expression, or refuses the input's own default.",
  *check({ runbook: { inputs } }) {
    for (const [name, input] of Object.entries(inputs)) {
      const message = judge(input);
      if (message !== undefined) yield { path: ["inputs", name, "pattern"], message };
    }
  },
};

function judge({ pattern, default: preset }: Input): string | undefined {
  if (pattern === undefined) return undefined;
  try {
    const whole = new RegExp(`^(?:${pattern})$`, "u");
    return preset === undefined || whole.test(preset) ? undefined : "the pattern refuses the input's own default";
  } catch {
    return "this is not a regular expression";
  }
}
