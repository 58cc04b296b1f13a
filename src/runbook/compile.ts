import type { CompiledRunbook } from "./compiled.ts";
import { compileSteps, type StepCompilation } from "./compile-step.ts";
import type { Declarations } from "./declarations.ts";
import type { RunbookProblem } from "./place-compiler.ts";
import type { Runbook } from "./schema.ts";
import { calledBy } from "./scope.ts";

/** A runbook ready to be carried out, or why it cannot be: a stored run may name what this version no longer has. */
export type RunbookCompilation =
  | { readonly ok: true; readonly compiled: CompiledRunbook }
  | { readonly ok: false; readonly problems: readonly RunbookProblem[] };

/** Compiles every expression and template of a runbook once, in the scope of its place. Never throws for a parsed runbook. */
export function compileRunbook(
  runbook: Runbook,
  declarations: Declarations,
  steps: readonly StepCompilation[] = compileSteps(runbook, declarations),
): RunbookCompilation {
  const problems = [...undeclared(runbook, declarations), ...steps.flatMap((step) => step.problems)];
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, compiled: { runbook, steps: steps.map(({ step }) => step) } };
}

function undeclared({ steps }: Runbook, { checks, actions }: Declarations): readonly RunbookProblem[] {
  return steps.flatMap((step, index) => {
    const called = calledBy(step);
    if (called === undefined || (called.kind === "check" ? checks : actions).has(called.name)) return [];
    return [{ path: ["steps", index], message: `there is no ${called.kind} "${called.name}"` }];
  });
}
