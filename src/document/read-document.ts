import type { z } from "zod";
import type { Finding } from "../lib/finding.ts";
import { redact } from "../lib/redact.ts";
import { explainIssue } from "./explain-issue.ts";
import { parseYaml } from "./parse-yaml.ts";
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
};

/** Reads YAML text that a person wrote. Never throws, and never repeats a value that could be a secret. */
export function readDocument<T>({
  file,
  text,
  schema,
  choose = () => undefined,
}: DocumentRequest<T>): DocumentReading<T> {
  const secrets = findSecretsInText(file, text);
  const yaml = parseYaml(file, text);
  if (!yaml.ok) return { ok: false, findings: [...yaml.findings, ...secrets] };
  const parsed = schema.safeParse(yaml.value);
  const problems = (parsed.error?.issues ?? []).flatMap((issue) =>
    explainIssue(issue, { schema, value: yaml.value, choose }),
  );
  const findings = problems.map(({ path, on, rule, message }) => ({
    file,
    ...yaml.positions.at(path, { on }),
    rule,
    message: redact(message),
  }));
  if (!parsed.success || secrets.length > 0) return { ok: false, findings: sortFindings([...findings, ...secrets]) };
  return { ok: true, value: parsed.data, positions: yaml.positions };
}

/** Puts findings in the order of the file. */
export function sortFindings(findings: readonly Finding[]): readonly Finding[] {
  return [...findings].sort(
    (left, right) => left.file.localeCompare(right.file) || left.line - right.line || left.column - right.column,
  );
}
