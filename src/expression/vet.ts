import type { ASTNode } from "@marcbachmann/cel-js";
import { suggestion } from "../lib/nearest.ts";
import { FUNCTIONS, isAccess, METHODS, readChain, visitTree, type Visit } from "./syntax-tree.ts";
import { fieldNames, fieldType, type Scope, type ValueType } from "./types.ts";

/** What is wrong with an expression, and where in its text (0-based). */
export type ExpressionProblem = { readonly message: string; readonly offset: number };

const MAX_LOOP_DEPTH = 2;

/** Finds what CEL's own checker lets pass: calls that could run long, unknown names inside `has()`, literals that are no JSON. */
export function vetTree(tree: ASTNode, scope: Scope): ExpressionProblem | undefined {
  for (const visit of visitTree(tree)) {
    const message = vetCall(visit) ?? vetLiteral(visit.node) ?? vetChain(visit, scope);
    if (message !== undefined) return { message, offset: visit.node.pos };
  }
  return undefined;
}

function vetCall({ node, depth }: Visit): string | undefined {
  if (depth > MAX_LOOP_DEPTH) return `loops may be nested ${MAX_LOOP_DEPTH} deep, not deeper`;
  if (node.op === "call") return vetName(node.args[0], FUNCTIONS, "function");
  return node.op === "rcall" ? vetName(node.args[0], METHODS, "method") : undefined;
}

function vetName(name: string, known: readonly string[], kind: string): string | undefined {
  if (known.includes(name)) return undefined;
  if (name === "matches")
    return "matches() is not available, because a pattern may never end; use contains(), startsWith() or endsWith()";
  return `unknown ${kind} "${name}"${suggestion(name, known)}`;
}

function vetLiteral(node: ASTNode): string | undefined {
  if (node.op !== "value" || node.args === null || typeof node.args !== "object") return undefined;
  return "bytes and unsigned numbers are not available";
}

/** CEL looks only at the first name inside `has(a.b.c)` and lets `a.?b` name anything; here every name must be declared. */
function vetChain({ node, bound }: Visit, scope: Scope): string | undefined {
  if (!isAccess(node)) return undefined;
  const left = readChain(node.args[0]);
  if (left === undefined || bound.has(left[0] ?? "")) return undefined;
  const type = typeOfChain(left, scope);
  if (type === undefined || typeof type === "string" || !("object" in type)) return undefined;
  const key = readChain(node)?.at(-1);
  if (key === undefined) return `read the fields of "${left.join(".")}" by name`;
  return fieldType(type, key) === undefined ? unknownField(left.join("."), key, type) : undefined;
}

/** Gives the type of a chain of names in a scope, or undefined when it leads nowhere. */
export function typeOfChain(chain: readonly string[], scope: Scope): ValueType | undefined {
  return chain.reduce<ValueType | undefined>((type, name) => (type === undefined ? undefined : fieldType(type, name)), {
    object: scope,
  });
}

/** Words the refusal of a field that a type does not have. */
export function unknownField(owner: string, field: string, type: ValueType): string {
  return `"${owner}" has no "${field}"${suggestion(field, fieldNames(type))}`;
}
