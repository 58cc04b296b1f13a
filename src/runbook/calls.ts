import type { DocumentPath } from "../document/positions.ts";
import type { StepCompilation } from "./compile-step.ts";
import type { Step } from "./schema.ts";
import { calledBy } from "./scope.ts";

/** A call as it stands in a runbook: what is named, where, and what is given to it. */
export type Call = {
  readonly compilation: StepCompilation;
  readonly kind: "check" | "action";
  readonly name: string;
  readonly namePath: DocumentPath;
  readonly withPath: DocumentPath;
  readonly given: Readonly<Record<string, string | number | boolean>>;
};

/** Lists the calls of a runbook's own steps in order: at most one a step. */
export function callsOf(compilations: readonly StepCompilation[]): readonly Call[] {
  return compilations.flatMap((compilation) => {
    const { step, at } = compilation;
    const called = calledBy(step);
    if (called === undefined) return [];
    const base: DocumentPath = "manual" in step ? [...at, "watch"] : at;
    const paths = { namePath: [...base, keyOf(step)], withPath: [...base, "with"] };
    return [{ compilation, ...called, ...paths, given: givenBy(step) }];
  });
}

function keyOf(step: Step): string {
  if ("wait" in step) return "wait";
  return "do" in step ? "do" : "check";
}

function givenBy(step: Step): Call["given"] {
  if ("manual" in step) return step.watch?.with ?? {};
  return "with" in step ? step.with : {};
}
