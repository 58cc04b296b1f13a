import { sortFindings } from "../document/read-document.ts";
import type { Finding } from "../lib/finding.ts";
import { redact } from "../lib/redact.ts";
import { compileSteps, type StepCompilation } from "./compile-step.ts";
import type { Declarations } from "./declarations.ts";
import type { ParsedRunbook } from "./parse.ts";
import { rules } from "./rules/index.ts";

/** Runs every rule over a parsed runbook and gives all findings in the order of the file. Never throws. */
export function lintRunbook(
  parsed: ParsedRunbook,
  declarations: Declarations,
  compilations: readonly StepCompilation[] = compileSteps(parsed.runbook, declarations),
): readonly Finding[] {
  const { file, runbook, positions } = parsed;
  const findings = rules.flatMap((rule) =>
    [...rule.check({ runbook, declarations, compilations })].map(({ path, on, offset, message }) => ({
      file,
      ...positions.at(path, { on: on ?? "value", offset }),
      rule: rule.name,
      message: redact(message),
    })),
  );
  return sortFindings(findings);
}
