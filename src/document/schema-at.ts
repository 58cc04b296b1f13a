import { z } from "zod";
import type { DocumentPath } from "./positions.ts";

/**
 * Says which option of a union a value means: its schema, or a sentence that says what is wanted. Undefined when it does not know the union.
 * Without it, a mistake deep in one option reads "no option fits".
 */
export type ChooseOption = (union: z.ZodUnion, value: unknown) => z.core.$ZodType | string | undefined;

/** Finds the schema that judges the value at a path, so that known keys can be named; undefined when there is none. */
export function schemaAt(
  schema: z.core.$ZodType,
  value: unknown,
  path: DocumentPath,
  choose: ChooseOption,
): z.core.$ZodType | undefined {
  const bare = bareSchema(schema);
  const chosen = bare instanceof z.ZodUnion ? meantOption(bare, value, choose) : bare;
  if (path.length === 0) return bare;
  if (chosen === undefined || typeof chosen === "string") return undefined;
  const [step, ...rest] = path;
  const next = childSchema(bareSchema(chosen), step);
  return next === undefined ? undefined : schemaAt(next, childValue(value, step), rest, choose);
}

/** Says which option of a union a value means: the one that its own discriminator names, or the one that `choose` knows. */
export function meantOption(
  union: z.ZodUnion,
  value: unknown,
  choose: ChooseOption,
): z.core.$ZodType | string | undefined {
  if (!(union instanceof z.ZodDiscriminatedUnion)) return choose(union, value);
  const { discriminator } = union.def;
  const name = childValue(value, discriminator);
  return union.options.find((option) => {
    const field = option instanceof z.ZodObject ? option.shape[discriminator] : undefined;
    return field instanceof z.ZodLiteral && field.values.has(name as z.core.util.Literal);
  });
}

/** Takes the wrappers (optional, default …) off a schema. */
export function bareSchema(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return bareSchema(schema.unwrap());
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) return bareSchema(schema.unwrap());
  return schema instanceof z.ZodPipe ? bareSchema(schema.in) : schema;
}

/** Gives the value at a path of a JSON-like value. */
export function valueAt(value: unknown, path: DocumentPath): unknown {
  return path.reduce(childValue, value);
}

function childSchema(schema: z.core.$ZodType, step: PropertyKey | undefined): z.core.$ZodType | undefined {
  if (schema instanceof z.ZodArray) return schema.element;
  if (schema instanceof z.ZodRecord) return schema.valueType;
  if (!(schema instanceof z.ZodObject) || typeof step !== "string" || !Object.hasOwn(schema.shape, step))
    return undefined;
  return schema.shape[step];
}

function childValue(value: unknown, step: PropertyKey | undefined): unknown {
  if (typeof value !== "object" || value === null || step === undefined || !Object.hasOwn(value, step))
    return undefined;
  return (value as Record<PropertyKey, unknown>)[step];
}
