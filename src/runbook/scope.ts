import { RESERVED_NAMES, TYPE_NAMES } from "../expression/reserved-names.ts";
import type { Scope, ValueType } from "../expression/types.ts";
import { zodObjectType } from "../expression/zod-types.ts";
import type { Declarations } from "./declarations.ts";
import type { ValueSpec } from "./input-value.ts";
import type { OwnStep } from "./own-steps.ts";
import type { ForEachStep, Runbook, Step } from "./schema.ts";

/** What the scope of a step is made from; `items` holds the types of the items of the loops around it. */
export type ScopeSource = {
  readonly runbook: Runbook;
  readonly declarations: Declarations;
  readonly items: ReadonlyMap<ForEachStep, ValueType>;
};

/** Gives what the expressions of a step may read: `inputs`, `steps` with the results before it, and the items of the loops that it is in. */
export function scopeOf({ before, loops }: OwnStep, { runbook, declarations, items }: ScopeSource): Scope {
  const results = before.flatMap((step): [string, ValueType][] => {
    const type = resultType(step, declarations);
    return type === undefined ? [] : [[step.id, type]];
  });
  const inputs = Object.entries(runbook.inputs).map(([name, input]): [string, ValueType] => [name, valueTypeOf(input)]);
  return {
    ...Object.fromEntries(loops.filter(hasReadableItem).map((loop) => [loop.as, items.get(loop) ?? "any"])),
    inputs: { object: Object.fromEntries(inputs) },
    steps: { object: Object.fromEntries(results) },
  };
}

/** Another rule refuses the others. */
function hasReadableItem({ as }: ForEachStep): boolean {
  return !RESERVED_NAMES.has(as) && !TYPE_NAMES.has(as);
}

/** Adds `result` to a scope: what `expect`, `until`, `shows`, `progress` and `otherwise` read too. */
export function withResult(scope: Scope, step: Step, declarations: Declarations): Scope {
  const result = calledBy(step) === undefined ? undefined : resultType(step, declarations);
  return result === undefined ? scope : { ...scope, result };
}

/** Gives the type that expressions see of an input or an answer; a duration is read in whole seconds. */
export function valueTypeOf({ type }: ValueSpec): "string" | "int" | "bool" {
  if (type === "int" || type === "duration") return "int";
  return type === "bool" ? "bool" : "string";
}

/** Names the check or the action that a step calls; undefined for a step that calls nothing. */
export function calledBy(step: Step): { readonly kind: "check" | "action"; readonly name: string } | undefined {
  if ("check" in step) return { kind: "check", name: step.check };
  if ("wait" in step) return { kind: "check", name: step.wait };
  if ("do" in step) return { kind: "action", name: step.do };
  if ("manual" in step && step.watch !== undefined) return { kind: "check", name: step.watch.check };
  return undefined;
}

/** Tells whether a step leaves something behind that later steps may read. */
export function givesResult(step: Step): boolean {
  return calledBy(step) !== undefined || "ask" in step || "include" in step || "forEach" in step;
}

const COUNTS: ValueType = { object: { count: "int", done: "int", failed: "int", skipped: "int" } };
const ENDING: ValueType = { object: { result: "string" } };

/** What a step leaves behind; of a check or an action its output (`any` for an unknown name, which another rule refuses). */
function resultType(step: Step, { checks, actions }: Declarations): ValueType | undefined {
  if ("ask" in step) return { object: { answer: valueTypeOf(step.answer) } };
  if ("include" in step) return ENDING;
  if ("forEach" in step) return COUNTS;
  const called = calledBy(step);
  if (called === undefined) return undefined;
  const declared = (called.kind === "check" ? checks : actions).get(called.name);
  return declared === undefined ? "any" : zodObjectType(declared.output);
}
