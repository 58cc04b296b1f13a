import type { z } from "zod";
import type { Finding } from "../lib/finding.ts";
import { redact } from "../lib/redact.ts";
import { explainIssue, type DocumentProblem, type Judged } from "./explain-issue.ts";
import { MAX_CHARACTERS, parseYaml } from "./parse-yaml.ts";
import type { Positions } from "./positions.ts";
import type { ChooseOption } from "./schema-at.ts";
import { findSecretsInText } from "./secrets-in-text.ts";

/** A file as its schema's value with its positions, or all findings at once. */
export type DocumentReading<T> =
  | { readonly ok: true; readonly value: T; readonly positions: Positions }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/** What to read and by which schema. `choose` names the option of a union that a value means. */
export type DocumentRequest<T> = {
  readonly file: string;
  readonly text: string;
  readonly schema: z.ZodType<T>;
  readonly choose?: ChooseOption;
  readonly maxCharacters?: number;
  /** Says what is too much before anything is judged by the schema, which looks at every single value. */
  readonly firstLook?: (value: unknown) => readonly DocumentProblem[];
};

/** Nobody reads more; what a thousand findings have in common is seen in the first hundred. */
const MAX_FINDINGS = 100;

/** Reads YAML text that a person wrote. Never throws, and never repeats a value that could be a secret. */
export function readDocument<T>({
  file,
  text,
  schema,
  choose = () => undefined,
  maxCharacters = MAX_CHARACTERS,
  firstLook = () => [],
}: DocumentRequest<T>): DocumentReading<T> {
  const yaml = parseYaml(file, text, maxCharacters);
  const secrets = text.length > maxCharacters ? [] : findSecretsInText(file, text);
  if (!yaml.ok) return { ok: false, findings: firstFindings([...yaml.findings, ...secrets]) };
  const findingOf = ({ path, on, rule, message }: DocumentProblem): Finding => ({
    file,
    ...yaml.positions.at(path, { on }),
    rule,
    message: redact(message),
  });
  const tooMuch = firstLook(yaml.value);
  if (tooMuch.length > 0) return { ok: false, findings: firstFindings(tooMuch.map(findingOf)) };
  const parsed = schema.safeParse(yaml.value);
  if (parsed.success && secrets.length === 0) return { ok: true, value: parsed.data, positions: yaml.positions };
  const judged = { schema, value: yaml.value, choose };
  const problems = firstProblems(parsed.error?.issues ?? [], judged, MAX_FINDINGS);
  return { ok: false, findings: firstFindings(sortFindings([...problems.map(findingOf), ...secrets])) };
}

function firstProblems(issues: readonly z.core.$ZodIssue[], judged: Judged, count: number): readonly DocumentProblem[] {
  const problems: DocumentProblem[] = [];
  for (const issue of issues) {
    problems.push(...explainIssue(issue, judged));
    if (problems.length > count) break;
  }
  return problems.slice(0, count + 1);
}

/** Keeps the first hundred findings, and says that there are more. */
export function firstFindings(findings: readonly Finding[]): readonly Finding[] {
  const last = findings[MAX_FINDINGS - 1];
  if (findings.length <= MAX_FINDINGS || last === undefined) return findings;
  const more = { ...last, rule: "too-many-findings", message: "there are more findings than these" };
  return [...findings.slice(0, MAX_FINDINGS), more];
}

/** Puts findings in the order of the file. */
export function sortFindings(findings: readonly Finding[]): readonly Finding[] {
  return [...findings].sort(
    (left, right) => left.file.localeCompare(right.file) || left.line - right.line || left.column - right.column,
  );
}
