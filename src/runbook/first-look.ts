import type { DocumentProblem } from "../document/explain-issue.ts";

/** More steps than a run may have, those inside loops counted. */
const MOST_STEPS = 500;
/** Far more than the linter allows; each level is judged with all that is in it. */
const MOST_LEVELS = 10;
/** More expressions than anybody reads; compiling them is most of what a runbook costs. */
const MOST_EXPRESSIONS = 1000;

/** Says what of a runbook is so much that judging it would take long. The numbers are far above what people write. */
export function firstLook(value: unknown): readonly DocumentProblem[] {
  const count = countIn(value);
  const found: DocumentProblem[] = [];
  if (count.steps > MOST_STEPS)
    found.push(tooMuch(["steps"], `there are ${count.steps} steps; ${MOST_STEPS} are the most`));
  if (count.levels > MOST_LEVELS)
    found.push(tooMuch(["steps"], `steps are nested ${count.levels} deep; ${MOST_LEVELS} are the most`));
  if (count.expressions > MOST_EXPRESSIONS)
    found.push(tooMuch([], `there are ${count.expressions} expressions in texts; ${MOST_EXPRESSIONS} are the most`));
  if (count.isTricky) found.push(tooMuch([], 'a key "__proto__" has no meaning in a runbook'));
  return found;
}

type Count = {
  readonly steps: number;
  readonly levels: number;
  readonly expressions: number;
  /** The schema passes over this key, as nothing is allowed to be called so; whoever wrote it should be told. */
  readonly isTricky: boolean;
};

const NOTHING: Count = { steps: 0, levels: 0, expressions: 0, isTricky: false };

function countIn(value: unknown): Count {
  if (typeof value === "string") return { ...NOTHING, expressions: value.split("${").length - 1 };
  if (typeof value !== "object" || value === null) return NOTHING;
  let { steps, levels, expressions, isTricky } = NOTHING;
  for (const [key, inner] of Object.entries(value)) {
    const counted = countIn(inner);
    const isList = key === "steps" && Array.isArray(inner);
    steps += counted.steps + (isList ? inner.length : 0);
    levels = Math.max(levels, counted.levels + Number(isList));
    expressions += counted.expressions;
    isTricky ||= counted.isTricky || key === "__proto__";
  }
  return { steps, levels, expressions, isTricky };
}

function tooMuch(path: readonly PropertyKey[], message: string): DocumentProblem {
  return { path, on: "key", rule: "too-much", message };
}
