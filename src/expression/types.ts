/**
 * ValueType is the type of a value that expressions read. A value may always be absent: `has(x)` tells. `null` and absent are the same.
 * `any` is a value of which nothing is known before it is there.
 */
export type ValueType =
  | "string"
  | "bool"
  | "int"
  | "double"
  | "any"
  | { readonly list: ValueType }
  | { readonly map: ValueType }
  | { readonly object: Readonly<Record<string, ValueType>> };

/** Scope is what an expression may read at its place: variables with their types, for instance `inputs`, `steps` and `result`. */
export type Scope = Readonly<Record<string, ValueType>>;

/** Gives the type of a field; undefined when the type has no such field. Maps have every field, `any` has any. */
export function fieldType(type: ValueType, field: string): ValueType | undefined {
  if (type === "any") return "any";
  if (typeof type === "string" || "list" in type) return undefined;
  if ("map" in type) return type.map;
  return Object.hasOwn(type.object, field) ? type.object[field] : undefined;
}

/** Lists the fields that a type has by name, for "did you mean". */
export function fieldNames(type: ValueType): readonly string[] {
  return typeof type === "object" && "object" in type ? Object.keys(type.object) : [];
}

/** Names a type for people: `string`, `list of int`, `object`. */
export function describeType(type: ValueType): string {
  if (typeof type === "string") return type;
  if ("list" in type) return `list of ${describeType(type.list)}`;
  return "map" in type ? `map of ${describeType(type.map)}` : "object";
}
