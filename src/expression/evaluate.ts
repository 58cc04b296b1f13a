import { EvaluationError } from "@marcbachmann/cel-js";
import { FailureError } from "../lib/failure.ts";
import type { Json } from "../lib/json.ts";
import { redact } from "../lib/redact.ts";
import { fromCel, toCel, ValueMismatch, type Extent } from "./cel-values.ts";
import type { Expected, Expression } from "./compile-expression.ts";
import { rootPath } from "./environment.ts";
import { estimateCost, MAX_COST, MAX_TEXT } from "./cost.ts";
import { readChain } from "./syntax-tree.ts";

/** Values by the names of the scope: `{ inputs, steps, result }`. Steps that were skipped are absent from `steps`. */
export type ExpressionValues = { readonly [name: string]: Json };

/** Evaluates an expression. Throws `FailureError` reason `invalid-answer` when a value is absent or of another type than declared. */
export function evaluate(expression: Expression, values: ExpressionValues): Json {
  try {
    const result = fromCel(expression.program(prepare(expression, values)));
    if (!isExpected(result, expression.expected))
      throw new ValueMismatch(`it gave a ${typeof result} where ${expression.expected} is wanted`);
    return result;
  } catch (error) {
    throw failure(expression, error);
  }
}

function isExpected(result: Json, expected: Expected): boolean {
  if (expected === "any") return true;
  return expected === "list" ? Array.isArray(result) : typeof result === (expected === "bool" ? "boolean" : "string");
}

/** Evaluates an expression that was compiled with `expected: "list"`. Throws as `evaluate` does. */
export function evaluateList(expression: Expression, values: ExpressionValues): readonly Json[] {
  return evaluate(expression, values) as readonly Json[];
}

/** Evaluates an expression that was compiled with `expected: "bool"`. Throws as `evaluate` does. */
export function evaluateCondition(expression: Expression, values: ExpressionValues): boolean {
  return evaluate(expression, values) === true;
}

function prepare({ scope, cel, cost }: Expression, values: ExpressionValues): Record<string, unknown> {
  const extent: Extent = { longestList: 0, textLength: 0 };
  const prepared: Record<string, unknown> = {};
  for (const [name, type] of Object.entries(scope)) {
    const value = toCel(Object.hasOwn(values, name) ? values[name] : undefined, type, rootPath(name), { cel, extent });
    if (value !== undefined) prepared[name] = value;
  }
  if (extent.textLength > MAX_TEXT) throw new ValueMismatch(`the values hold more than ${MAX_TEXT} characters of text`);
  if (estimateCost(cost, extent) > MAX_COST)
    throw new ValueMismatch(`the lists are too long for it (${extent.longestList} items in the longest)`);
  return prepared;
}

function failure({ text }: Expression, error: unknown): FailureError {
  const message = redact(`cannot evaluate "${text}": ${reasonOf(error)}`);
  return new FailureError({ reason: "invalid-answer", message, retryable: false }, { cause: error });
}

function reasonOf(error: unknown): string {
  if (error instanceof ValueMismatch) return error.message;
  if (error instanceof RangeError) return "the values are too deeply nested";
  if (!(error instanceof EvaluationError)) return "it cannot be carried out with these values";
  const chain = error.node === undefined ? undefined : readChain(error.node);
  if (error.code !== "no_such_key" || chain === undefined) return error.summary;
  const path = chain.join(".");
  return `there is no ${path} (a step that was skipped gives nothing); ask has(${path}) first`;
}
