import type { DocumentPath } from "../document/positions.ts";
import type { Runbook, Step } from "./schema.ts";
import { calledBy } from "./scope.ts";

/** A call as it stands in a runbook: what is named, where, and what is given to it. */
export type Call = {
  readonly stepIndex: number;
  readonly kind: "check" | "action";
  readonly name: string;
  readonly namePath: DocumentPath;
  readonly withPath: DocumentPath;
  readonly given: Readonly<Record<string, string | number | boolean>>;
};

/** Lists the calls of a runbook in order: at most one a step. */
export function callsOf({ steps }: Runbook): readonly Call[] {
  return steps.flatMap((step, stepIndex) => {
    const called = calledBy(step);
    if (called === undefined) return [];
    const base: DocumentPath = "manual" in step ? ["steps", stepIndex, "watch"] : ["steps", stepIndex];
    return [
      {
        stepIndex,
        ...called,
        namePath: [...base, keyOf(step)],
        withPath: [...base, "with"],
        given: givenBy(step),
      },
    ];
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
