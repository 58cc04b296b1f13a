import { Environment } from "@marcbachmann/cel-js";
import type { Scope, ValueType } from "./types.ts";

/** A value of an object type as CEL sees it: a Map of its own class, by which CEL knows the type (no prototype, so no `constructor` key to trip over). */
export type CelObject = Map<string, unknown>;

/** CelEnvironment is a scope made ready: CEL's checker with the variables declared, and the classes of the object types by path. */
export type CelEnvironment = {
  readonly environment: Environment;
  readonly classes: ReadonlyMap<string, new (entries: Iterable<readonly [string, unknown]>) => CelObject>;
};

/** Structural limits: far above what a person writes, far below what could hang the program. */
export const LIMITS = {
  maxAstNodes: 400,
  maxDepth: 24,
  maxListElements: 64,
  maxMapEntries: 32,
  maxCallArguments: 4,
} as const;

/** Declares a scope to CEL. Object types are named by their path (`result.peers[]`), which is what error messages show. */
export function createEnvironment(scope: Scope): CelEnvironment {
  const environment = new Environment({ unlistedVariablesAreDyn: false, enableOptionalTypes: true, limits: LIMITS });
  const classes = new Map<string, new (entries: Iterable<readonly [string, unknown]>) => CelObject>();
  const declare = (type: ValueType, path: string): string => {
    if (typeof type === "string") return type === "any" ? "dyn" : type;
    if ("list" in type) return `list<${declare(type.list, elementPath(path))}>`;
    if ("map" in type) return `map<string, ${declare(type.map, elementPath(path))}>`;
    const fields = Object.entries(type.object).map(([key, field]) => [key, declare(field, `${path}.${key}`)]);
    const ctor = class extends Map<string, unknown> {};
    classes.set(path, ctor);
    environment.registerType(path, { ctor, fields: Object.fromEntries(fields) });
    return path;
  };
  for (const [name, type] of Object.entries(scope)) {
    environment.registerVariable(name, declare(type, rootPath(name)));
  }
  return { environment, classes };
}

/** Names the place of a variable: by its own name, unless that is too short for the name of a type. */
export function rootPath(name: string): string {
  return name.length < 2 ? `item ${name}` : name;
}

/** Names the place of the elements of the list or map at a path. */
export function elementPath(path: string): string {
  return `${path}[]`;
}
