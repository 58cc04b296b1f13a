import type { CompiledRunbook, CompiledStep } from "./compiled.ts";
import { compileSteps, type StepCompilation } from "./compile-step.ts";
import type { Declarations } from "./declarations.ts";
import type { RunbookProblem } from "./place-compiler.ts";
import type { Runbook } from "./schema.ts";
import { calledBy } from "./scope.ts";
import { childPath, type RunbookWithIncludes } from "./step-path.ts";

/** A runbook ready to be carried out, or why it cannot be: a stored run may name what this version no longer has. */
export type RunbookCompilation =
  | { readonly ok: true; readonly compiled: CompiledRunbook }
  | { readonly ok: false; readonly problems: readonly RunbookProblem[] };

/** Far more than the linter lets pass; a bound for texts that nobody linted. */
const MOST_STEPS = 5000;

/** Compiles every expression and template of a runbook and of those that it includes, in the scope of its place. Never throws for parsed runbooks. */
export function compileRunbook(
  runbook: Runbook,
  declarations: Declarations,
  included: RunbookWithIncludes["included"] = {},
): RunbookCompilation {
  const books = compileBooks(runbook, included, declarations);
  const problems = [...books].flatMap(([book, compilations]) =>
    problemsOf(book, compilations, { declarations, isIncluded: book !== runbook }),
  );
  const steps = new Map<string, CompiledStep>();
  problems.push(...expand(books, { book: runbook, prefix: undefined, around: [] }, { included, steps }));
  if (steps.size >= MOST_STEPS) problems.push({ path: ["steps"], message: "too many steps are included" });
  return problems.length > 0 ? { ok: false, problems } : { ok: true, compiled: { runbook, steps } };
}

type Books = ReadonlyMap<Runbook, readonly StepCompilation[]>;

/** Each runbook once, however often it is included. */
function compileBooks(runbook: Runbook, included: RunbookWithIncludes["included"], declarations: Declarations): Books {
  const books = new Map<Runbook, readonly StepCompilation[]>();
  const queue = [runbook];
  for (let at = 0; at < queue.length; at++) {
    const book = queue[at];
    if (book === undefined || books.has(book)) continue;
    const compilations = compileSteps(book, declarations);
    books.set(book, compilations);
    queue.push(...compilations.flatMap(({ compiled }) => bookOf(compiled, included)));
  }
  return books;
}

function bookOf(step: CompiledStep, included: RunbookWithIncludes["included"]): readonly Runbook[] {
  const inner = step.kind === "include" && Object.hasOwn(included, step.runbook) ? included[step.runbook] : undefined;
  return inner === undefined ? [] : [inner];
}

type Place = { readonly book: Runbook; readonly prefix: string | undefined; readonly around: readonly Runbook[] };
type Expansion = { readonly included: RunbookWithIncludes["included"]; readonly steps: Map<string, CompiledStep> };

/** Puts the steps of a runbook at a place, and those that it includes below them. */
function* expand(books: Books, { book, prefix, around }: Place, expansion: Expansion): Generator<RunbookProblem> {
  for (const { path, compiled, onCancel, at } of books.get(book) ?? []) {
    // Nobody aborts a part of a run, so what an included runbook would do then is never done.
    if (onCancel && prefix !== undefined) continue;
    const whole = prefix === undefined ? path : childPath(prefix, path);
    if (expansion.steps.size >= MOST_STEPS) return;
    expansion.steps.set(whole, compiled);
    if (compiled.kind !== "include") continue;
    const [inner] = bookOf(compiled, expansion.included);
    if (inner === undefined) yield { path: at, message: `there is no runbook "${compiled.runbook}"` };
    else if (inner === book || around.includes(inner))
      yield { path: at, message: `runbook "${compiled.runbook}" would include itself` };
    else yield* expand(books, { book: inner, prefix: whole, around: [...around, book] }, expansion);
  }
}

type About = { readonly declarations: Declarations; readonly isIncluded: boolean };

function problemsOf({ id }: Runbook, compilations: readonly StepCompilation[], about: About): RunbookProblem[] {
  const found = compilations.flatMap((compilation) => [
    ...undeclared(compilation, about.declarations),
    ...compilation.problems,
  ]);
  return about.isIncluded
    ? found.map((problem) => ({ ...problem, message: `runbook ${id}: ${problem.message}` }))
    : found;
}

function undeclared({ step, at }: StepCompilation, { checks, actions }: Declarations): readonly RunbookProblem[] {
  const called = calledBy(step);
  if (called === undefined || (called.kind === "check" ? checks : actions).has(called.name)) return [];
  return [{ path: at, message: `there is no ${called.kind} "${called.name}"` }];
}
