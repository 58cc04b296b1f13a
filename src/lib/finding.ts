/** A problem in a file that a person wrote: where it is, what is wrong, and the rule that says so. */
export type Finding = {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based. */
  readonly column: number;
  /** Name of the rule, for instance `unknown-action`. */
  readonly rule: string;
  readonly message: string;
};

/** Writes a finding as `file:line:column: message (rule)`. */
export function formatFinding(finding: Finding): string {
  return `${finding.file}:${finding.line}:${finding.column}: ${finding.message} (${finding.rule})`;
}
