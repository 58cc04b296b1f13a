import type { OwnStep } from "./own-steps.ts";
import type { ExpressionPlace } from "./place-compiler.ts";
import { givesResult } from "./scope.ts";

/** A read of a step's result that cannot be there. */
export type StrayReference = {
  readonly step: string;
  readonly offset: number;
  readonly why: "unknown" | "later" | "no-result" | "cancel" | { readonly inside: string };
};

/** Finds the reads of results in an expression of a step that no step before it gives; `all` holds every step of the file. */
export function strayReferences(
  own: OwnStep,
  all: readonly OwnStep[],
  { reads }: ExpressionPlace,
): readonly StrayReference[] {
  return reads.flatMap(({ step, offset }): StrayReference[] => {
    const found = own.before.find(({ id }) => id === step);
    if (found !== undefined) return givesResult(found) ? [] : [{ step, offset, why: "no-result" }];
    return [
      {
        step,
        offset,
        why: whyNot(
          own,
          all.find((other) => other.step.id === step),
        ),
      },
    ];
  });
}

function whyNot(own: OwnStep, found: OwnStep | undefined): StrayReference["why"] {
  if (found === undefined) return "unknown";
  if (found.onCancel && !own.onCancel) return "cancel";
  const strange = found.loops.find((loop) => !own.loops.includes(loop));
  return strange === undefined ? "later" : { inside: strange.id };
}
