import type { Expression } from "../expression/compile-expression.ts";
import type { ExpressionValues } from "../expression/evaluate.ts";
import { renderValue, type Template } from "../expression/template.ts";
import type { Json } from "../lib/json.ts";
import type { Answer, Gate, Runbook } from "./schema.ts";

/** What a step gives to its check or action: templates to be rendered, and plain values. */
export type CompiledWith = Readonly<Record<string, Template | number | boolean>>;

type Common = {
  readonly id: string;
  readonly title: Template | undefined;
  readonly when: Expression | undefined;
  readonly onFailure: "ask" | "stop" | "continue";
};

/** A step that reads once. `expect`, `shows` and `otherwise.say` read `result`. */
export type CompiledCheck = Common & {
  readonly kind: "check";
  readonly call: string;
  readonly with: CompiledWith;
  readonly expect: Expression | undefined;
  readonly shows: Template | undefined;
  readonly otherwise: { readonly finish: "resolved" | "stopped" | undefined; readonly say: Template } | undefined;
};

/** A step that polls a check. `until` and `progress` read `result`. */
export type CompiledWait = Common & {
  readonly kind: "wait";
  readonly call: string;
  readonly with: CompiledWith;
  readonly until: Expression;
  readonly progress: Template | undefined;
  readonly everyMs: number;
  readonly timeoutMs: number;
};

/** A step that carries out an action behind its gate. */
export type CompiledDo = Common & {
  readonly kind: "do";
  readonly call: string;
  readonly with: CompiledWith;
  readonly gate: Gate | undefined;
};

/** A step for a human. `commands` are for `renderCommand`; `until` and `progress` read `result`. */
export type CompiledManual = Common & {
  readonly kind: "manual";
  readonly text: Template;
  readonly commands: readonly Template[];
  readonly watch: CompiledWatch | undefined;
};

/** The check that watches for the effect of a human's work. */
export type CompiledWatch = {
  readonly call: string;
  readonly with: CompiledWith;
  readonly until: Expression;
  readonly progress: Template | undefined;
  readonly everyMs: number;
};

/** A step that tells people something. */
export type CompiledSay = Common & { readonly kind: "say"; readonly say: Template };

/** A step that asks a human. */
export type CompiledAsk = Common & { readonly kind: "ask"; readonly text: Template; readonly answer: Answer };

/** A step that carries out another runbook. */
export type CompiledInclude = Common & {
  readonly kind: "include";
  readonly runbook: string;
  readonly with: CompiledWith;
};

/** A loop; its steps stand beside it, by their paths. */
export type CompiledForEach = Common & { readonly kind: "forEach"; readonly list: Expression; readonly as: string };

/** CompiledStep is a step with its expressions checked in the scope of its place. */
export type CompiledStep =
  | CompiledCheck
  | CompiledWait
  | CompiledDo
  | CompiledAsk
  | CompiledManual
  | CompiledSay
  | CompiledInclude
  | CompiledForEach;

/** CompiledRunbook is what the engine carries out: every step by its path in the text, those of included runbooks too. */
export type CompiledRunbook = { readonly runbook: Runbook; readonly steps: ReadonlyMap<string, CompiledStep> };

/** Gives the input of a step's call. Throws `FailureError` reason `invalid-answer` when a value is absent. */
export function renderWith(compiled: CompiledWith, values: ExpressionValues): { readonly [key: string]: Json } {
  return Object.fromEntries(
    Object.entries(compiled).map(([key, part]) => [key, typeof part === "object" ? renderValue(part, values) : part]),
  );
}
