import { z } from "zod";
import { suggestion } from "../lib/nearest.ts";
import type { DocumentPath } from "./positions.ts";
import { bareSchema, meantOption, schemaAt, valueAt, type ChooseOption } from "./schema-at.ts";
import { describeValue, nameOf, quoteValue } from "./words.ts";

/** What is wrong at a path of a document, in a sentence, with the rule's name. */
export type DocumentProblem = {
  readonly path: DocumentPath;
  readonly on: "key" | "value";
  readonly rule: "unknown-key" | "missing-key" | "invalid-value" | "too-much";
  readonly message: string;
};

/** A judged document: what was judged, by which schema. */
export type Judged = { readonly schema: z.core.$ZodType; readonly value: unknown; readonly choose: ChooseOption };

/** More unknown keys in one map than anybody wants to be told. */
const MAX_KEYS = 101;

/** Says what a zod issue means to whoever wrote the file: what was expected, the nearest known name. One issue may be several problems. */
export function explainIssue(issue: z.core.$ZodIssue, judged: Judged): readonly DocumentProblem[] {
  const { path } = issue;
  const value = valueAt(judged.value, path);
  if (issue.code === "unrecognized_keys")
    return issue.keys.slice(0, MAX_KEYS).map((key) => unknownKey(path, key, judged));
  if (issue.code === "invalid_union") return explainUnion(issue, judged);
  if (issue.code === "invalid_key") {
    const why = issue.issues[0]?.message ?? "another name";
    return [{ path, on: "key", rule: "invalid-value", message: `${nameOf(path)} must be ${why}` }];
  }
  if (path.length > 0 && (value === undefined || value === null)) return [absent(path, value, wantedBy(issue))];
  return [{ path, on: "value", rule: "invalid-value", message: `${nameOf(path)} ${complaint(issue, value)}` }];
}

function unknownKey(path: DocumentPath, key: string, { schema, value, choose }: Judged): DocumentProblem {
  const found = schemaAt(schema, value, path, choose);
  const chosen = found instanceof z.ZodUnion ? meantOption(found, valueAt(value, path), choose) : found;
  const bare = chosen === undefined || typeof chosen === "string" ? undefined : bareSchema(chosen);
  const known = bare instanceof z.ZodObject ? Object.keys(bare.shape) : [];
  return {
    path: [...path, key],
    on: "key",
    rule: "unknown-key",
    message: `unknown key "${key}"${suggestion(key, known)}`,
  };
}

function absent(path: DocumentPath, value: unknown, wanted: string): DocumentProblem {
  const state = value === undefined ? "is missing" : "is empty";
  return { path, on: "key", rule: "missing-key", message: `${nameOf(path)} ${state}; it must be ${wanted}` };
}

function explainUnion(issue: z.core.$ZodIssueInvalidUnion, judged: Judged): readonly DocumentProblem[] {
  const { path } = issue;
  const value = valueAt(judged.value, path);
  if ("options" in issue && issue.options !== undefined) return [notAnOption(path, value, issue.options.map(String))];
  const union = schemaAt(judged.schema, judged.value, path, judged.choose);
  const chosen = union instanceof z.ZodUnion ? chooseOption(union, value, issue, judged.choose) : undefined;
  const wanted = typeof chosen === "string" ? chosen : unionWants(issue);
  if (value === undefined || value === null) return [absent(path, value, wanted)];
  if (chosen === undefined || typeof chosen === "string") {
    const isMap = typeof value === "object" && !Array.isArray(value);
    const given = typeof chosen === "string" && isMap ? "" : `, not ${describeValue(value)}`;
    return [{ path, on: "value", rule: "invalid-value", message: `${nameOf(path)} must be ${wanted}${given}` }];
  }
  const { error } = z.safeParse(chosen, value);
  const inner = (error?.issues ?? []).flatMap((found) => explainIssue(found, { ...judged, schema: chosen, value }));
  return inner.map((problem) => ({ ...problem, path: [...path, ...problem.path] }));
}

/** The key that says which form is meant is missing, or says none of them. */
function notAnOption(path: DocumentPath, value: unknown, options: readonly string[]): DocumentProblem {
  const wanted = `one of ${options.join(", ")}`;
  if (value === undefined || value === null) return absent(path, value, wanted);
  const message = `${nameOf(path)} must be ${wanted}, not ${quoteValue(value)}${nearestOf(options, value)}`;
  return { path, on: "value", rule: "invalid-value", message };
}

/** When nobody knows better, the option meant is the only one whose kind of value was given. */
function chooseOption(
  union: z.ZodUnion,
  value: unknown,
  issue: z.core.$ZodIssueInvalidUnion,
  choose: ChooseOption,
): z.core.$ZodType | string | undefined {
  const known = meantOption(union, value, choose);
  if (known !== undefined) return known;
  const right = union.options.filter((_, index) => !isWrongKind(issue.errors[index] ?? []));
  return right.length === 1 ? right[0] : undefined;
}

function isWrongKind(issues: readonly z.core.$ZodIssue[]): boolean {
  return issues.some(({ code, path }) => code === "invalid_type" && path.length === 0);
}

function unionWants(issue: z.core.$ZodIssueInvalidUnion): string {
  const firsts = issue.errors.flatMap(([first]) => (first === undefined ? [] : [first]));
  const kinds = firsts.map((first) => (first.path.length === 0 ? wantedBy(first) : "a map"));
  return [...new Set(kinds)].join(" or ");
}

/** A schema may say in its own words what it wants; zod's words begin with "Invalid". */
function wantedBy(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type" && !issue.message.startsWith("Invalid")) return issue.message;
  if (issue.code === "invalid_value") return `one of ${issue.values.map(String).join(", ")}`;
  return issue.code === "invalid_type" ? (TYPES[issue.expected] ?? issue.expected) : "given";
}

const TYPES: Readonly<Record<string, string>> = {
  string: "text",
  int: "a whole number",
  number: "a number",
  boolean: "true or false",
  array: "a list",
  object: "a map",
  record: "a map",
};

function complaint(issue: z.core.$ZodIssue, value: unknown): string {
  switch (issue.code) {
    case "invalid_type":
      return `must be ${wantedBy(issue)}, not ${describeValue(value)}`;
    case "invalid_value":
      return `must be ${wantedBy(issue)}, not ${quoteValue(value)}${nearestOf(issue.values.map(String), value)}`;
    case "invalid_format":
      return `must be ${issue.format === "url" ? "an address like https://vault-0.example:8200" : issue.message}, not ${quoteValue(value)}`;
    case "too_small":
      return `must ${sizeWords(issue.origin, "at least", Number(issue.minimum))}`;
    case "too_big":
      return `must ${sizeWords(issue.origin, "at most", Number(issue.maximum))}`;
    default:
      return `is refused: ${issue.message}`;
  }
}

function nearestOf(options: readonly string[], value: unknown): string {
  const hint = typeof value === "string" ? suggestion(value, options) : "";
  return hint.startsWith("; did you mean") ? hint : "";
}

function sizeWords(origin: string, bound: string, count: number): string {
  if (origin === "string" && bound === "at least" && count === 1) return "not be empty";
  if (origin === "string") return `have ${bound} ${count} characters`;
  if (origin === "array") return `have ${bound} ${count} ${count === 1 ? "item" : "items"}`;
  return `be ${bound} ${count}`;
}
