import { redact } from "../lib/redact.ts";
import { profileCost, type CostProfile } from "./cost.ts";
import { createEnvironment, type CelEnvironment } from "./environment.ts";
import { explainRefusal } from "./explain.ts";
import type { Scope } from "./types.ts";
import { vetTree, type ExpressionProblem } from "./vet.ts";

/** Expression is a checked expression with everything that its evaluation needs; those of one scope share its environment. */
export type Expression = {
  readonly text: string;
  /** CEL's name of the type that it gives: `bool`, `int`, `list<string>`, `dyn` when it is known only at evaluation. */
  readonly type: string;
  readonly scope: Scope;
  readonly expected: Expected;
  readonly cost: CostProfile;
  readonly cel: CelEnvironment;
  readonly program: (values: Record<string, unknown>) => unknown;
};

/** What the place of an expression wants. */
export type Expected = "bool" | "string" | "list" | "any";

/** An expression that was compiled, or why it was not. `offset` is where in the text, 0-based. */
export type ExpressionCompilation =
  { readonly ok: true; readonly expression: Expression } | ({ readonly ok: false } & ExpressionProblem);

const MAX_LENGTH = 1000;

const WANTED = { bool: "true or false", string: "text", list: "a list" } as const;

/**
 * Declaring a scope to CEL costs more than all expressions in it, in time and in memory. A scope never changes, so it carries what it was declared
 * as; in a WeakMap each would live until the next full collection, which is hundreds of megabytes for a large directory.
 */
const DECLARED = Symbol("declared");
type DeclaredScope = Scope & { [DECLARED]?: CelEnvironment };

/** Parses and type-checks an expression in a scope. Never throws. */
export function compileExpression(text: string, scope: Scope, expected: Expected): ExpressionCompilation {
  if (text.trim() === "") return refuse("an expression is missing", 0);
  if (text.length > MAX_LENGTH) return refuse(`longer than ${MAX_LENGTH} characters; split it over several steps`, 0);
  const cel = environmentOf(scope);
  try {
    const program = cel.environment.parse(text);
    const problem = vetTree(program.ast, scope);
    if (problem !== undefined) return refuse(problem.message, problem.offset);
    const { error, type = "dyn" } = program.check();
    if (error !== undefined) return refusal(error, text, scope);
    const misfit = misfitOf(type, expected);
    if (misfit !== undefined) return refuse(misfit, 0);
    return { ok: true, expression: { text, type, scope, expected, cost: profileCost(program.ast), cel, program } };
  } catch (error) {
    return refusal(error, text, scope);
  }
}

function environmentOf(scope: DeclaredScope): CelEnvironment {
  const known = scope[DECLARED];
  if (known !== undefined) return known;
  const created = createEnvironment(scope);
  if (Object.isExtensible(scope)) Object.defineProperty(scope, DECLARED, { value: created });
  return created;
}

function misfitOf(type: string, expected: Expected): string | undefined {
  if (type.startsWith("optional")) return `gives a value that may be absent (${type}); end it with .orValue(…)`;
  if (expected === "any" || type === "dyn" || type === expected) return undefined;
  if (expected === "list" && type.startsWith("list<")) return undefined;
  return `gives ${type}, but ${WANTED[expected]} is wanted here`;
}

function refusal(error: unknown, text: string, scope: Scope): ExpressionCompilation {
  const { message, offset } = explainRefusal(error, text, scope);
  return refuse(message, offset);
}

function refuse(message: string, offset: number): ExpressionCompilation {
  return { ok: false, message: redact(message), offset };
}
