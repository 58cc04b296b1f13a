import { z } from "zod";
import type { ValueType } from "./types.ts";

/** Gives the type that expressions see for values of a zod schema. Optional, nullable and defaulted values have the type of their inside. */
export function zodValueType(schema: z.core.$ZodType): ValueType {
  const bare = unwrap(schema);
  if (bare instanceof z.ZodString || bare instanceof z.ZodStringFormat) return "string";
  if (bare instanceof z.ZodBoolean) return "bool";
  if (bare instanceof z.ZodNumber) return bare.isInt ? "int" : "double";
  if (bare instanceof z.ZodEnum || bare instanceof z.ZodLiteral) return typeOfChoices([...choices(bare)]);
  if (bare instanceof z.ZodArray) return { list: elementType(bare.element) };
  if (bare instanceof z.ZodRecord) return { map: elementType(bare.valueType) };
  if (bare instanceof z.ZodObject) return zodObjectType(bare);
  if (bare instanceof z.ZodUnion) return typeOfUnion(bare.options);
  return "any";
}

type ObjectType = { readonly object: Readonly<Record<string, ValueType>> };

/** A schema never changes, and those of checks are asked for once a step. */
const objectTypes = new WeakMap<z.ZodObject, ObjectType>();

/** Gives the object type of a zod object, field by field. */
export function zodObjectType(schema: z.ZodObject): ObjectType {
  const known = objectTypes.get(schema);
  if (known !== undefined) return known;
  const entries = Object.entries(schema.shape).map(([key, field]) => [key, zodValueType(field)] as const);
  const type = { object: Object.fromEntries(entries) };
  objectTypes.set(schema, type);
  return type;
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodReadonly)
    return unwrap(schema.unwrap());
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodCatch)
    return unwrap(schema.unwrap());
  if (schema instanceof z.ZodPipe) return unwrap(schema.out);
  return schema;
}

/** An element that may be null has no place of its own that `has()` could ask about, so nothing is promised about it. */
function elementType(schema: z.core.$ZodType): ValueType {
  return schema instanceof z.ZodNullable || schema instanceof z.ZodOptional ? "any" : zodValueType(schema);
}

function choices(schema: z.ZodEnum | z.ZodLiteral): Iterable<unknown> {
  return schema instanceof z.ZodEnum ? schema.options : schema.values;
}

function typeOfChoices(values: readonly unknown[]): ValueType {
  if (values.every((value) => typeof value === "string")) return "string";
  if (values.every((value) => typeof value === "boolean")) return "bool";
  if (values.every((value) => Number.isInteger(value))) return "int";
  return values.every((value) => typeof value === "number") ? "double" : "any";
}

function typeOfUnion(options: readonly z.core.$ZodType[]): ValueType {
  const [first, ...rest] = options.map(zodValueType);
  return first !== undefined && typeof first === "string" && rest.every((type) => type === first) ? first : "any";
}
