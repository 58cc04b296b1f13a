import { z } from "zod";
import type { Declarations } from "./declarations.ts";
import {
  AskStep,
  CheckStep,
  DoStep,
  ForEachStep,
  IncludeStep,
  ManualStep,
  ManualWatch,
  Runbook,
  SayStep,
  WaitStep,
} from "./schema.ts";

/** The names that steps may call; editors offer them and mark others. */
export type CallNames = { readonly [kind in keyof Declarations]: { keys: () => Iterable<string> } };

/** What editors show beside each kind of step. */
const TITLES: ReadonlyMap<z.core.$ZodType, readonly [title: string, description: string]> = new Map<
  z.core.$ZodType,
  readonly [string, string]
>([
  [CheckStep, ["check", "Reads once and compares."]],
  [WaitStep, ["wait", "Reads again and again until something is true, or the time is over."]],
  [DoStep, ["do", "Carries out an action behind its gate."]],
  [AskStep, ["ask", "Asks a human; later steps read the answer as steps.<id>.answer."]],
  [ManualStep, ["manual", "Gives work to a human."]],
  [SayStep, ["say", "Tells people something."]],
  [IncludeStep, ["include", "Carries out the steps of another runbook of the directory."]],
  [ForEachStep, ["forEach", "Carries out steps once for every item of a list."]],
]);

/** Gives the JSON Schema of a runbook file (draft 2020-12), for editors and for the published documentation. */
export function runbookJsonSchema(names?: CallNames): Readonly<Record<string, unknown>> {
  const {
    $schema,
    $defs = {},
    ...schema
  } = z.toJSONSchema(Runbook, {
    io: "input",
    override: ({ zodSchema, jsonSchema }) => describe(zodSchema, jsonSchema, names),
  });
  const whole = { $schema, title: "sealwatch runbook", ...schema, $defs };
  return renamed(whole, Object.keys($defs));
}

type JsonSchema = z.core.JSONSchema.BaseSchema;

function describe(zodSchema: z.core.$ZodType, jsonSchema: JsonSchema, names: CallNames | undefined): void {
  const [title, description] = TITLES.get(zodSchema) ?? [];
  if (title !== undefined && description !== undefined) Object.assign(jsonSchema, { title, description });
  if (names === undefined) return;
  if (zodSchema === CheckStep || zodSchema === ManualWatch) offer(jsonSchema, "check", names.checks);
  if (zodSchema === WaitStep) offer(jsonSchema, "wait", names.checks);
  if (zodSchema === DoStep) offer(jsonSchema, "do", names.actions);
}

function offer(jsonSchema: JsonSchema, key: string, known: { keys: () => Iterable<string> }): void {
  const property = jsonSchema.properties?.[key];
  if (typeof property !== "object") return;
  delete property.pattern;
  property.enum = [...known.keys()].sort();
}

/** zod numbers what refers to itself; the only such thing is the step. */
function renamed(schema: object, [only = "step"]: readonly string[]): Readonly<Record<string, unknown>> {
  return JSON.parse(
    JSON.stringify(schema).replaceAll(`"${only}"`, '"step"').replaceAll(`/${only}"`, '/step"'),
  ) as Readonly<Record<string, unknown>>;
}
