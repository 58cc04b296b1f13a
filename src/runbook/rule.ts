import type { StepCompilation } from "./compile-step.ts";
import type { Declarations } from "./declarations.ts";
import type { Library } from "./library.ts";
import type { RunbookProblem } from "./place-compiler.ts";
import type { Runbook } from "./schema.ts";

/** What a rule looks at: the runbook, what it may name, and its steps as they compiled. */
export type LintSubject = {
  readonly runbook: Runbook;
  readonly declarations: Declarations;
  /** Every step of the file, those inside loops and of `onCancel` too, in order. */
  readonly compilations: readonly StepCompilation[];
  /** The runbooks that this one may include. */
  readonly library: Library;
  /** The groups of the configuration; undefined when no configuration is known. */
  readonly groups: readonly string[] | undefined;
};

/** Rule finds one kind of mistake in runbooks. `summary` is a sentence for the documentation. */
export type Rule = {
  readonly name: string;
  readonly summary: string;
  readonly check: (subject: LintSubject) => Iterable<RunbookProblem>;
};
