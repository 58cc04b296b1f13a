import type { z } from "zod";
import { nearest } from "../lib/nearest.ts";
import { CheckStep, DoStep, ManualStep, SayStep, Step, WaitStep, type StepKind } from "./schema.ts";

const SCHEMAS: Readonly<Record<StepKind, z.ZodObject>> = {
  check: CheckStep,
  wait: WaitStep,
  do: DoStep,
  manual: ManualStep,
  say: SayStep,
};

/** Names the kinds of steps by their key. */
export const STEP_KINDS: readonly StepKind[] = ["check", "wait", "do", "manual", "say"];

/** Chooses the schema of a step by the key that names its kind, so that mistakes are judged as that kind; otherwise says what is wanted. */
export function chooseStepSchema(union: z.ZodUnion, value: unknown): z.ZodObject | string | undefined {
  if (union.options !== Step.options) return undefined;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return WANTED;
  const kinds = STEP_KINDS.filter((kind) => Object.hasOwn(value, kind));
  const [kind, second] = kinds;
  if (kind === undefined) return nearKind(value);
  return second === undefined ? SCHEMAS[kind] : `one kind of step (it has both "${kind}" and "${second}")`;
}

const WANTED = `a step: a map with an id and one of ${STEP_KINDS.join(", ")}`;

function nearKind(value: object): string {
  const slip = Object.keys(value).find((key) => key !== "id" && nearest(key, STEP_KINDS) !== undefined);
  return slip === undefined ? WANTED : `${WANTED} (did you mean "${nearest(slip, STEP_KINDS)}" by "${slip}"?)`;
}
