import type { Scope, ValueType } from "../expression/types.ts";
import { zodObjectType } from "../expression/zod-types.ts";
import type { Declarations } from "./declarations.ts";
import type { Runbook, Step } from "./schema.ts";

/** Gives what the expressions of a step may read: `inputs`, and `steps` with the results of the steps before it. */
export function scopeAt(runbook: Runbook, stepIndex: number, declarations: Declarations): Scope {
  const earlier = runbook.steps.slice(0, stepIndex);
  const results = earlier.flatMap((step): [string, ValueType][] => {
    const type = resultType(step, declarations);
    return type === undefined ? [] : [[step.id, type]];
  });
  const inputs = Object.keys(runbook.inputs).map((name): [string, ValueType] => [name, "string"]);
  return { inputs: { object: Object.fromEntries(inputs) }, steps: { object: Object.fromEntries(results) } };
}

/** Gives the scope of a step's `expect`, `until`, `shows`, `progress` and `otherwise`, which also read `result`. */
export function resultScopeAt(runbook: Runbook, stepIndex: number, declarations: Declarations): Scope {
  const scope = scopeAt(runbook, stepIndex, declarations);
  const step = runbook.steps[stepIndex];
  const result = step === undefined ? undefined : resultType(step, declarations);
  return result === undefined ? scope : { ...scope, result };
}

/** Names the check or the action that a step calls; undefined for a step that calls nothing. */
export function calledBy(step: Step): { readonly kind: "check" | "action"; readonly name: string } | undefined {
  if ("check" in step) return { kind: "check", name: step.check };
  if ("wait" in step) return { kind: "check", name: step.wait };
  if ("do" in step) return { kind: "action", name: step.do };
  if ("manual" in step && step.watch !== undefined) return { kind: "check", name: step.watch.check };
  return undefined;
}

/** What a step leaves behind: its check's or action's output (`any` for an unknown name, which another rule refuses); nothing when it calls nothing. */
function resultType(step: Step, { checks, actions }: Declarations): ValueType | undefined {
  const called = calledBy(step);
  if (called === undefined) return undefined;
  const declared = (called.kind === "check" ? checks : actions).get(called.name);
  return declared === undefined ? "any" : zodObjectType(declared.output);
}
