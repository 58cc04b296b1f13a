/** A piece of Block Kit, or of a payload, as it came over the wire. */
export type Part = { readonly [key: string]: unknown };

/** Says whether a value is an object with names. */
export function isPart(value: unknown): value is Part {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Gives the objects of the list at a key; empty when there is none. */
export function listAt(part: Part, key: string): readonly Part[] {
  const value = part[key];
  return Array.isArray(value) ? value.filter(isPart) : [];
}

/** Gives the field at a key as text (forms carry numbers and booleans so); undefined when absent or empty. */
export function textAt(part: Part, key: string): string | undefined {
  const value = part[key];
  if (typeof value === "string") return value === "" ? undefined : value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}
