import type { Template } from "../expression/template.ts";

/** Gives the value that stands in a file as such; undefined when it holds an expression. */
export function constantOf(value: Template | number | boolean): string | number | boolean | undefined {
  if (typeof value !== "object") return value;
  return value.parts.every((part) => typeof part === "string") ? value.parts.join("") : undefined;
}

/** Gives CEL's name of the type of a value with expressions in it: of the expression when it is exactly one, else `string`. */
export function givenType({ parts }: Template): string {
  const [only, ...others] = parts;
  return typeof only === "object" && others.length === 0 ? only.type : "string";
}
