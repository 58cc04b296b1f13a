import { foldIncludes } from "../library.ts";
import { ownSteps } from "../own-steps.ts";
import type { Rule } from "../rule.ts";
import type { Runbook } from "../schema.ts";

const MOST = 500;

/** Keeps a runbook with all that it includes one that people can read. */
export const tooManySteps: Rule = {
  name: "too-many-steps",
  summary: "A runbook has more than 500 steps, those of included runbooks counted.",
  *check({ runbook, library }) {
    const count = (book: Runbook, inner: (id: string) => number): number =>
      ownSteps(book).reduce((sum, { step }) => sum + 1 + ("include" in step ? inner(step.include) : 0), 0);
    const total = count(runbook, foldIncludes(library, count));
    if (total > MOST)
      yield {
        path: ["steps"],
        on: "key",
        message: `${total} steps, those of included runbooks counted; ${MOST} are the most`,
      };
  },
};
