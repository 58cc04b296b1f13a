import type { Danger } from "../lib/danger.ts";
import type { Json } from "../lib/json.ts";
import type { Values } from "./run.ts";

/** What an expression may read: the run's inputs, the results of steps that ended, and the answer at hand. */
export type ScopeValues = {
  readonly inputs: Values;
  readonly steps: { readonly [step: string]: Values };
  readonly result?: Values;
  /** What the rounds that a step is in call their item, by that name. */
  readonly items: Values;
};

/** A text, a condition or inputs of one step, compiled; throws `FailureError` when it cannot be evaluated. */
export type Evaluate<T> = (values: ScopeValues) => T;

/** StepProgram is a step's expressions and texts, compiled and type-checked when the runbook was loaded. */
export type StepProgram = {
  readonly when: Evaluate<boolean>;
  readonly title: Evaluate<string>;
  /** The step's `with`. */
  readonly input: Evaluate<Values>;
  /** `expect` of a check, `until` of a wait. */
  readonly condition: Evaluate<boolean>;
  /** `otherwise.say` of a check, the text of `ask`, `manual` and `say`. */
  readonly text: Evaluate<string>;
  readonly commands: Evaluate<readonly string[]>;
  /** A check's `shows`, the `progress` of a wait or a watch: the result in a sentence. */
  readonly shows: Evaluate<string> | undefined;
  readonly watch: { readonly input: Evaluate<Values>; readonly until: Evaluate<boolean> } | undefined;
  /** The list of a `forEach`. */
  readonly list: Evaluate<readonly Json[]>;
};

/** What the engine must know of an action to ask for the right gate. */
export type ActionFacts = {
  readonly danger: Exclude<Danger, "observe">;
  readonly effect: "idempotent" | "once";
  readonly verifyWithinMs: number;
  /** How long the call may take; after it and its verification nothing can still arrive. */
  readonly performWithinMs: number;
};

/** Program is a runbook ready to run: one entry a step by its path in the text (runbook/step-path.ts), and the facts of the actions in it. */
export type Program = {
  readonly steps: ReadonlyMap<string, StepProgram>;
  readonly actions: ReadonlyMap<string, ActionFacts>;
};

/** Writes a value the way people read it in a result line. */
export function showValue(value: Json): string {
  if (Array.isArray(value)) {
    if (value.length === 0) return "none";
    // A list of objects is made for a picture or a condition, not for reading.
    if (value.some((item) => typeof item === "object" && item !== null)) return String(value.length);
    return value.map((item) => showValue(item as Json)).join(", ");
  }
  if (value !== null && typeof value === "object") return JSON.stringify(value);
  return String(value);
}

/** Writes outputs as `name: value` pairs, the text of a step that has none of its own. */
export function showValues(values: Values): string {
  return Object.entries(values)
    .map(([name, value]) => `${name.replaceAll("_", " ")}: ${showValue(value)}`)
    .join(" · ");
}
