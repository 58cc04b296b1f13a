import { findWaysBack } from "../include-circles.ts";
import { foldIncludes } from "../library.ts";
import { allIncludes } from "../own-steps.ts";
import type { Rule } from "../rule.ts";

const DEEPEST = 3;

/** Keeps what a run consists of findable: a runbook, and three below it. */
export const includeTooDeep: Rule = {
  name: "include-too-deep",
  summary: "A runbook includes others more than three deep.",
  *check({ runbook, compilations, library }) {
    const wayBack = findWaysBack(runbook, library);
    const depthOf = foldIncludes(library, (book, inner) =>
      Math.max(1, ...allIncludes(book).map(({ include }) => 1 + inner(include))),
    );
    for (const { step, at } of compilations) {
      if (!("include" in step) || wayBack(step.include) !== undefined) continue;
      const depth = depthOf(step.include);
      if (depth > DEEPEST)
        yield {
          path: [...at, "include"],
          message: `runbooks may include each other ${DEEPEST} deep, and this is ${depth} deep`,
        };
    }
  },
};
