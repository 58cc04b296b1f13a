import { redact } from "../lib/redact.ts";
import type { DocumentPath } from "./positions.ts";

/** Names the thing at a path for people: `"title"`, `item 2 of "steps"`, `the file`. */
export function nameOf(path: DocumentPath): string {
  const last = path.at(-1);
  if (last === undefined) return "the file";
  return typeof last === "number" ? `item ${last + 1} of ${nameOf(path.slice(0, -1))}` : `"${String(last)}"`;
}

/** Says what kind of value something is, never its content, which may be a secret in the wrong place. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return "text";
  if (typeof value === "number") return Number.isInteger(value) ? "a number" : String(value);
  return typeof value === "boolean" ? String(value) : "a map";
}

/** Quotes a value that people chose from few (a name, an address), shortened and redacted. */
export function quoteValue(value: unknown): string {
  if (typeof value !== "string") return describeValue(value);
  const safe = redact(value);
  return JSON.stringify(safe.length > 60 ? `${safe.slice(0, 60)}…` : safe);
}
