import { EvaluationError, ParseError, TypeError as CelTypeError, type ASTNode } from "@marcbachmann/cel-js";
import { suggestion } from "../lib/nearest.ts";
import { readChain } from "./syntax-tree.ts";
import type { Scope } from "./types.ts";
import { typeOfChain, unknownField, type ExpressionProblem } from "./vet.ts";

/** Puts CEL's refusal of an expression into the words of whoever wrote it. */
export function explainRefusal(error: unknown, text: string, scope: Scope): ExpressionProblem {
  if (!(error instanceof ParseError || error instanceof CelTypeError || error instanceof EvaluationError))
    return { message: error instanceof RangeError ? "too deeply nested" : "cannot be understood", offset: 0 };
  const offset = Math.min(error.range?.start ?? 0, Math.max(0, text.length - 1));
  const node = error.node as ASTNode | undefined;
  return { message: wordRefusal(error, node, scope), offset };
}

function wordRefusal(error: { code: string; summary: string }, node: ASTNode | undefined, scope: Scope): string {
  if (error.code === "unknown_variable" && node?.op === "id")
    return `unknown name "${node.args}"${suggestion(node.args, Object.keys(scope))}`;
  if (error.code === "no_such_key" && (node?.op === "." || node?.op === ".?")) {
    const owner = readChain(node.args[0]);
    const type = owner === undefined ? undefined : typeOfChain(owner, scope);
    if (owner !== undefined && type !== undefined) return unknownField(owner.join("."), node.args[1], type);
  }
  return wordCode(error);
}

function wordCode({ code, summary }: { code: string; summary: string }): string {
  if (code === "unexpected_token" && summary.endsWith("EOF")) return "it ends too early";
  if (code !== "no_such_overload") return summary.replace(/^[A-Z](?=[a-z])/u, (letter) => letter.toLowerCase());
  const said = summary.replace(/^no such overload: (.*)$/u, '"$1" is not possible');
  return /\bnull\b/u.test(said) ? `${said}; a value that may be absent is asked for with has(…)` : said;
}
