import { firstFindings, sortFindings } from "../document/read-document.ts";
import type { Finding } from "../lib/finding.ts";
import { redact } from "../lib/redact.ts";
import { compileSteps } from "./compile-step.ts";
import type { Declarations } from "./declarations.ts";
import { EMPTY_LIBRARY } from "./library.ts";
import type { ParsedRunbook } from "./parse.ts";
import type { LintSubject } from "./rule.ts";
import { rules } from "./rules/index.ts";

/** What is known around a runbook. Without a library it can include nothing; without groups nothing is said about them. */
export type LintSurroundings = Partial<Pick<LintSubject, "library" | "groups">>;

/** Runs every rule over a parsed runbook and gives all findings in the order of the file. Never throws. */
export function lintRunbook(
  parsed: ParsedRunbook,
  declarations: Declarations,
  surroundings: LintSurroundings = {},
): readonly Finding[] {
  const { file, runbook, positions } = parsed;
  const { library = EMPTY_LIBRARY, groups } = surroundings;
  const compilations = compileSteps(runbook, declarations);
  const subject: LintSubject = { runbook, declarations, compilations, library, groups };
  const findings = rules.flatMap((rule) =>
    [...first(MOST, rule.check(subject))].map(({ path, on, offset, message }) => ({
      file,
      ...positions.at(path, { on: on ?? "value", offset }),
      rule: rule.name,
      message: redact(message),
    })),
  );
  return firstFindings(sortFindings(findings));
}

/** Of one rule; nobody reads more. */
const MOST = 100;

function* first<T>(count: number, items: Iterable<T>): Generator<T> {
  let taken = 0;
  for (const item of items) {
    if (taken++ === count) return;
    yield item;
  }
}
