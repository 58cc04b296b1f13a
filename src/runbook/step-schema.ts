import type { z } from "zod";
import { nearest } from "../lib/nearest.ts";
import {
  AskStep,
  CancelStep,
  CheckStep,
  DoStep,
  ForEachStep,
  IncludeStep,
  ManualStep,
  SayStep,
  Step,
  STEP_KINDS,
  WaitStep,
  type StepKind,
} from "./schema.ts";

const SCHEMAS: Readonly<Record<StepKind, z.ZodObject>> = {
  check: CheckStep,
  wait: WaitStep,
  do: DoStep,
  ask: AskStep,
  manual: ManualStep,
  say: SayStep,
  include: IncludeStep,
  forEach: ForEachStep,
};

const CANCEL_KINDS = ["check", "say"] as const;

/** Chooses the schema of a step by the key that names its kind, so that mistakes are judged as that kind; otherwise says what is wanted. */
export function chooseStepSchema(union: z.ZodUnion, value: unknown): z.ZodObject | string | undefined {
  if (union.options === CancelStep.options) return chooseKind(value, CANCEL_KINDS, 'a step of "onCancel"');
  return union.options === Step.options ? chooseKind(value, STEP_KINDS, "a step") : undefined;
}

function chooseKind(value: unknown, allowed: readonly StepKind[], what: string): z.ZodObject | string {
  const wanted = `${what}: a map with an id and one of ${allowed.join(", ")}`;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return wanted;
  const kinds = STEP_KINDS.filter((kind) => Object.hasOwn(value, kind));
  const [kind, second] = kinds;
  if (kind === undefined) return `${wanted}${nearKind(value, allowed)}`;
  if (second !== undefined) return `one kind of step (it has both "${kind}" and "${second}")`;
  return allowed.includes(kind) ? SCHEMAS[kind] : `${wanted} (it has "${kind}")`;
}

function nearKind(value: object, kinds: readonly StepKind[]): string {
  const slip = Object.keys(value).find((key) => key !== "id" && nearest(key, kinds) !== undefined);
  return slip === undefined ? "" : ` (did you mean "${nearest(slip, kinds)}" by "${slip}"?)`;
}
