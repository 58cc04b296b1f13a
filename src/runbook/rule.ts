import type { StepCompilation } from "./compile-step.ts";
import type { Declarations } from "./declarations.ts";
import type { RunbookProblem } from "./place-compiler.ts";
import type { Runbook } from "./schema.ts";

/** What a rule looks at: the runbook, what it may name, and its steps as they compiled. */
export type LintSubject = {
  readonly runbook: Runbook;
  readonly declarations: Declarations;
  readonly compilations: readonly StepCompilation[];
};

/** Rule finds one kind of mistake in runbooks. `summary` is a sentence for the documentation. */
export type Rule = {
  readonly name: string;
  readonly summary: string;
  readonly check: (subject: LintSubject) => Iterable<RunbookProblem>;
};
