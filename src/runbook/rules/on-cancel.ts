import { formatDuration } from "../../lib/duration.ts";
import type { Rule } from "../rule.ts";

const LONGEST_MS = 120_000;

/** Keeps the way out of a run short: it looks and tells, and then the run is over. */
export const onCancelRule: Rule = {
  name: "on-cancel",
  summary: "`onCancel` takes longer than two minutes, or wants to finish a run that is ending already.",
  *check({ runbook: { onCancel } }) {
    if (onCancel === undefined) return;
    if (onCancel.timeout > LONGEST_MS)
      yield {
        path: ["onCancel", "timeout"],
        message: `people who abort wait for this: ${formatDuration(LONGEST_MS)} at most`,
      };
    for (const [index, step] of onCancel.steps.entries())
      if ("check" in step && step.otherwise?.finish !== undefined)
        yield {
          path: ["onCancel", "steps", index, "otherwise", "finish"],
          message: `the run ends as aborted, and not as ${step.otherwise.finish}; take this away`,
        };
  },
};
