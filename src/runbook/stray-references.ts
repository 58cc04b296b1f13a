import { stepReferences } from "../expression/references.ts";
import type { ExpressionPlace } from "./place-compiler.ts";
import type { Runbook } from "./schema.ts";
import { calledBy } from "./scope.ts";

/** A read of a step's result that cannot be there. */
export type StrayReference = {
  readonly step: string;
  readonly offset: number;
  readonly why: "unknown" | "later" | "no-result";
};

/** Finds the reads of results in an expression of the step at an index that no earlier step gives. */
export function strayReferences(
  { steps }: Runbook,
  index: number,
  { text }: ExpressionPlace,
): readonly StrayReference[] {
  return stepReferences(text).flatMap(({ step, offset }): StrayReference[] => {
    const found = steps.slice(0, index).find(({ id }) => id === step);
    if (found !== undefined) return calledBy(found) === undefined ? [{ step, offset, why: "no-result" }] : [];
    return [{ step, offset, why: steps.some(({ id }) => id === step) ? "later" : "unknown" }];
  });
}
