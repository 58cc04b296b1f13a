import type { Json } from "../lib/json.ts";
import { elementPath, type CelEnvironment } from "./environment.ts";
import { describeType, type ValueType } from "./types.ts";

/** How much the values of one evaluation hold; it bounds the work before it begins. */
export type Extent = { longestList: number; textLength: number };

/** Thrown when a value is not of its declared type; the message names the place and never the value. */
export class ValueMismatch extends Error {}

type Conversion = { readonly cel: CelEnvironment; readonly extent: Extent };

/** Turns a JSON value into CEL's form of its declared type (BigInt for `int`, a typed Map for objects); null and undefined are absent. */
export function toCel(value: Json | undefined, type: ValueType, path: string, conversion: Conversion): unknown {
  if (value === undefined || value === null) return undefined;
  if (typeof type === "string")
    return type === "any" ? anyToCel(value, conversion) : scalarToCel(value, type, path, conversion);
  if ("list" in type) return listToCel(value, type.list, path, conversion);
  if (!isRecord(value)) throw mismatch(path, value, type);
  if ("map" in type) return mapToCel(value, type.map, path, conversion);
  const entries: [string, unknown][] = [];
  for (const [key, field] of Object.entries(type.object)) {
    const held = toCel(Object.hasOwn(value, key) ? value[key] : undefined, field, `${path}.${key}`, conversion);
    if (held !== undefined) entries.push([key, held]);
  }
  const Class = conversion.cel.classes.get(path);
  if (Class === undefined) throw new Error(`no class for ${path}`);
  return new Class(entries);
}

function scalarToCel(
  value: Json,
  type: "string" | "bool" | "int" | "double",
  path: string,
  { extent }: Conversion,
): unknown {
  if (type === "string" && typeof value === "string") {
    extent.textLength += value.length;
    return value;
  }
  if (type === "bool" && typeof value === "boolean") return value;
  if (type === "double" && typeof value === "number") return value;
  if (type === "int" && Number.isSafeInteger(value)) return BigInt(value as number);
  throw mismatch(path, value, type);
}

function listToCel(value: Json, element: ValueType, path: string, conversion: Conversion): unknown[] {
  if (!Array.isArray(value)) throw mismatch(path, value, { list: element });
  noteLength(value.length, conversion);
  return (value as readonly Json[]).map((item, index) => {
    const held = element === "any" ? anyToCel(item, conversion) : toCel(item, element, elementPath(path), conversion);
    if (held === undefined) throw mismatch(`${path}[${index}]`, item, element);
    return held;
  });
}

function mapToCel(
  value: { readonly [key: string]: Json },
  element: ValueType,
  path: string,
  conversion: Conversion,
): unknown {
  const held = new Map<string, unknown>();
  for (const [key, item] of Object.entries(value)) {
    const converted = toCel(item, element, elementPath(path), conversion);
    conversion.extent.textLength += key.length;
    if (converted !== undefined) held.set(key, converted);
  }
  noteLength(held.size, conversion);
  return held;
}

function anyToCel(value: Json, conversion: Conversion): unknown {
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "string") return scalarToCel(value, "string", "", conversion);
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : value;
  return Array.isArray(value)
    ? listToCel(value, "any", "", conversion)
    : mapToCel(value as { readonly [key: string]: Json }, "any", "", conversion);
}

function noteLength(length: number, { extent }: Conversion): void {
  extent.longestList = Math.max(extent.longestList, length);
}

function isRecord(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function mismatch(path: string, value: Json, type: ValueType): ValueMismatch {
  return new ValueMismatch(`${path} is ${nameOf(value)} where ${describeType(type)} was declared`);
}

function nameOf(value: Json): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "a list" : `a ${typeof value}`;
}

/** Turns what an expression gave into JSON. An `int` beyond 2^53 becomes its digits; throws when the value has no JSON form. */
export function fromCel(value: unknown): Json {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (Array.isArray(value)) return value.map(fromCel);
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [String(key), fromCel(item)]));
  if (typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fromCel(item)]));
  throw new ValueMismatch("the result is not a value that can be stored (a number without end, for instance)");
}
