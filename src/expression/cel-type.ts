import { elementPath, rootPath } from "./environment.ts";
import type { Scope, ValueType } from "./types.ts";

const SCALARS: Readonly<Record<string, ValueType>> = { string: "string", bool: "bool", int: "int", double: "double" };

/**
 * Reads CEL's name of a type that an expression of a scope gives: `list<steps.peers.voters[]>` is a list of what is in `steps.peers.voters`.
 * What CEL knows only at evaluation is `any`.
 */
export function valueTypeOf(name: string, scope: Scope): ValueType {
  const scalar = Object.hasOwn(SCALARS, name) ? SCALARS[name] : undefined;
  if (scalar !== undefined) return scalar;
  const list = /^list<(?<element>.+)>$/u.exec(name)?.groups?.["element"];
  if (list !== undefined) return { list: valueTypeOf(list, scope) };
  const map = /^map<string, (?<element>.+)>$/u.exec(name)?.groups?.["element"];
  if (map !== undefined) return { map: valueTypeOf(map, scope) };
  return name === "list" ? { list: "any" } : (typeAt(name, { object: scope }, "") ?? "any");
}

/** Gives the type of the elements of what an expression gives; `any` when it gives no list. */
export function elementTypeOf(name: string, scope: Scope): ValueType {
  const type = valueTypeOf(name, scope);
  return typeof type === "object" && "list" in type ? type.list : "any";
}

/** Object types are named by their path (environment.ts). */
function typeAt(name: string, type: ValueType, path: string): ValueType | undefined {
  if (path === name) return type;
  if (path !== "" && !name.startsWith(path)) return undefined;
  if (typeof type === "string") return undefined;
  if ("list" in type) return typeAt(name, type.list, elementPath(path));
  if ("map" in type) return typeAt(name, type.map, elementPath(path));
  for (const [key, field] of Object.entries(type.object)) {
    const found = typeAt(name, field, path === "" ? rootPath(key) : `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
