import type { DocumentPath } from "../document/positions.ts";
import type { ForEachStep, IncludeStep, Runbook, Step } from "./schema.ts";
import { CANCEL, childPath } from "./step-path.ts";

/** A step of one file: where it stands, and what is around and before it. */
export type OwnStep = {
  readonly step: Step;
  /** Its path in the text (step-path.ts). */
  readonly path: string;
  /** Where it stands in the file. */
  readonly at: DocumentPath;
  /** The loops that it is in, outermost first. */
  readonly loops: readonly ForEachStep[];
  /** The steps whose results it may read, in order. */
  readonly before: readonly Step[];
  readonly onCancel: boolean;
};

/** Lists the steps that a file itself has, those inside loops and of `onCancel` too, in the order of the file; a loop before what is in it. */
export function ownSteps({ steps, onCancel }: Runbook): readonly OwnStep[] {
  const around = { path: undefined, loops: [], before: [], onCancel: false };
  return [
    ...placed(steps, { ...around, at: ["steps"] }),
    ...placed(onCancel?.steps ?? [], {
      path: CANCEL,
      at: ["onCancel", "steps"],
      loops: [],
      before: steps,
      onCancel: true,
    }),
  ];
}

/** Lists the includes that a file itself has, in order. */
export function allIncludes(runbook: Runbook): readonly IncludeStep[] {
  return ownSteps(runbook).flatMap(({ step }) => ("include" in step ? [step] : []));
}

type Around = Omit<OwnStep, "step" | "path"> & { readonly path: string | undefined };

function placed(steps: readonly Step[], around: Around): readonly OwnStep[] {
  return steps.flatMap((step, index) => {
    const { path: parent, at, loops, before, onCancel } = around;
    const path = parent === undefined ? step.id : childPath(parent, step.id);
    const own = { step, path, at: [...at, index], loops, before: [...before, ...steps.slice(0, index)], onCancel };
    if (!("forEach" in step)) return [own];
    const inside = { ...own, path, at: [...own.at, "steps"], loops: [...loops, step] };
    return [own, ...placed(step.steps, inside)];
  });
}
