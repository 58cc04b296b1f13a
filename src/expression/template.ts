import type { Json } from "../lib/json.ts";
import { compileExpression, type Expression } from "./compile-expression.ts";
import { evaluate, type ExpressionValues } from "./evaluate.ts";
import { splitTemplate } from "./split-template.ts";
import type { Scope } from "./types.ts";
import type { ExpressionProblem } from "./vet.ts";

/** Template is text with checked expressions in it. */
export type Template = { readonly text: string; readonly parts: readonly (string | Expression)[] };

/** A template that was compiled, or all that is wrong with it. Offsets are in the template's text, 0-based. */
export type TemplateCompilation =
  | { readonly ok: true; readonly template: Template }
  | { readonly ok: false; readonly problems: readonly ExpressionProblem[] };

const WRITABLE = /^(?:(?:list<)?(?:string|int|double|bool|dyn)>?|list)$/u;

/** Compiles text in which `${…}` holds expressions; `$${` writes `${`. Never throws. */
export function compileTemplate(text: string, scope: Scope): TemplateCompilation {
  const problems: ExpressionProblem[] = [];
  const parts = splitTemplate(text).map((part) => {
    if (part.kind === "text") return part.text;
    if (part.kind === "open") {
      problems.push({
        message: 'a "${" is never closed; write "$${" for the characters themselves',
        offset: part.offset,
      });
      return "";
    }
    const compiled = compileExpression(part.text, scope, "any");
    if (!compiled.ok) problems.push({ message: compiled.message, offset: part.offset + compiled.offset });
    else if (WRITABLE.test(compiled.expression.type)) return compiled.expression;
    else
      problems.push({
        message: `gives ${compiled.expression.type}, which cannot be written as text`,
        offset: part.offset,
      });
    return "";
  });
  return problems.length > 0 ? { ok: false, problems } : { ok: true, template: { text, parts } };
}

/** Writes a template as text. Lists are joined with ", ". Throws `FailureError` reason `invalid-answer` when a value is absent. */
export function renderTemplate(template: Template, values: ExpressionValues): string {
  return template.parts.map((part) => (typeof part === "string" ? part : writeJson(evaluate(part, values)))).join("");
}

/** Writes a template for people to read: what cannot be evaluated becomes `(unknown)`, because text must not stop a run. Never throws. */
export function renderText(template: Template, values: ExpressionValues): string {
  return template.parts.map((part) => (typeof part === "string" ? part : writeOrUnknown(part, values))).join("");
}

/** Gives a template's value: what the expression gives when the template is exactly one, else text. Throws as `renderTemplate` does. */
export function renderValue(template: Template, values: ExpressionValues): Json {
  const [only, ...others] = template.parts;
  return typeof only === "object" && others.length === 0 ? evaluate(only, values) : renderTemplate(template, values);
}

/** Writes a value the way it appears in text. */
export function writeJson(value: Json): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return (value as readonly Json[]).map(writeJson).join(", ");
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
}

function writeOrUnknown(expression: Expression, values: ExpressionValues): string {
  try {
    return writeJson(evaluate(expression, values));
  } catch {
    return "(unknown)";
  }
}
