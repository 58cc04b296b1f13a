import type { DocumentPath } from "../document/positions.ts";
import type { StepCompilation } from "./compile-step.ts";
import type { ValueSpec } from "./input-value.ts";
import type { Runbook } from "./schema.ts";

/** What a value may be, as it stands in a runbook. */
export type PlacedSpec = {
  readonly spec: ValueSpec;
  readonly path: DocumentPath;
  /** Everything that says what is wanted: the name, the description, the question. */
  readonly asks: readonly { readonly path: DocumentPath; readonly on: "key" | "value"; readonly text: string }[];
};

/** Lists the inputs of a runbook and the answers of its `ask` steps. */
export function valueSpecs({ inputs }: Runbook, compilations: readonly StepCompilation[]): readonly PlacedSpec[] {
  return [
    ...Object.entries(inputs).map(([name, spec]): PlacedSpec => {
      const path = ["inputs", name];
      const described = { path: [...path, "description"], on: "value", text: spec.description ?? "" } as const;
      return { spec, path, asks: [{ path, on: "key", text: name }, described] };
    }),
    ...compilations.flatMap(({ step, at }): PlacedSpec[] => {
      if (!("ask" in step)) return [];
      const asks = [
        { path: [...at, "id"], on: "value", text: step.id },
        { path: [...at, "ask"], on: "value", text: step.ask },
      ] as const;
      return [{ spec: step.answer, path: [...at, "answer"], asks }];
    }),
  ];
}
