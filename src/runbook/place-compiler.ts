import type { DocumentPath } from "../document/positions.ts";
import { compileExpression, type Expression } from "../expression/compile-expression.ts";
import { stepReferences, type StepReference } from "../expression/references.ts";
import { splitTemplate } from "../expression/split-template.ts";
import { compileTemplate, type Template } from "../expression/template.ts";
import type { Scope } from "../expression/types.ts";
import type { CompiledWith } from "./compiled.ts";

/** A problem at a place of a runbook. `offset` counts in the text that stands there, 0-based. */
export type RunbookProblem = {
  readonly path: DocumentPath;
  readonly on?: "key" | "value";
  readonly offset?: number;
  readonly message: string;
};

/** An expression as it stands in a runbook: alone, or at `offset` of a template. */
export type ExpressionPlace = {
  readonly path: DocumentPath;
  readonly text: string;
  readonly offset: number;
  /** The steps whose results it reads. */
  readonly reads: readonly StepReference[];
};

/** Compiles the texts of one step, keeping what was found and where the expressions are. */
export type PlaceCompiler = {
  readonly condition: (path: DocumentPath, text: string, scope: Scope) => Expression;
  readonly list: (path: DocumentPath, text: string, scope: Scope) => Expression;
  readonly template: (path: DocumentPath, text: string, scope: Scope) => Template;
  readonly with: (
    path: DocumentPath,
    values: Readonly<Record<string, string | number | boolean>>,
    scope: Scope,
  ) => CompiledWith;
  readonly problems: readonly RunbookProblem[];
  readonly places: readonly ExpressionPlace[];
};

/** Makes a compiler for the step at a path. What does not compile becomes a problem, and a stand-in that is never carried out. */
export function createPlaceCompiler(base: DocumentPath): PlaceCompiler {
  const problems: RunbookProblem[] = [];
  const places: ExpressionPlace[] = [];
  const template = (path: DocumentPath, text: string, scope: Scope): Template => {
    const at = [...base, ...path];
    for (const part of splitTemplate(text))
      if (part.kind === "expression") places.push(placeOf(at, part.text, part.offset));
    const compiled = compileTemplate(text, scope);
    if (compiled.ok) return compiled.template;
    problems.push(...compiled.problems.map((problem) => ({ path: at, ...problem })));
    return { text, parts: [] };
  };
  const expression = (path: DocumentPath, text: string, place: ExpressionKind): Expression => {
    const at = [...base, ...path];
    places.push(placeOf(at, text, 0));
    const compiled = compileExpression(text, place.scope, place.expected);
    if (compiled.ok) return compiled.expression;
    problems.push({ path: at, offset: compiled.offset, message: compiled.message });
    return standIn(place);
  };
  return {
    problems,
    places,
    template,
    condition: (path, text, scope) => expression(path, text, { scope, expected: "bool" }),
    list: (path, text, scope) => expression(path, text, { scope, expected: "list" }),
    with: (path, values, scope) =>
      Object.fromEntries(
        Object.entries(values).map(([key, value]) => [
          key,
          typeof value === "string" ? template([...path, key], value, scope) : value,
        ]),
      ),
  };
}

/** Reading an expression takes as long as compiling it, and most read no step. */
function placeOf(path: DocumentPath, text: string, offset: number): ExpressionPlace {
  return { path, text, offset, reads: text.includes("steps") ? stepReferences(text) : [] };
}

type ExpressionKind = { readonly scope: Scope; readonly expected: "bool" | "list" };

function standIn({ scope, expected }: ExpressionKind): Expression {
  const compiled = compileExpression(expected === "bool" ? "false" : "[]", scope, expected);
  if (!compiled.ok) throw new Error(`the stand-in does not compile: ${compiled.message}`);
  return compiled.expression;
}
