import { FailureError } from "../lib/failure.ts";
import { evaluate, type ExpressionValues } from "./evaluate.ts";
import { writeJson, type Template } from "./template.ts";

const PLAIN = /^[\w%+,./:=@][\w%+,./:=@-]*$/u;
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROL = /[\u0000-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]/u;

/**
 * Writes a command that a person will paste into a shell: every value that is not plain is quoted, so that foreign text stays one argument.
 * Throws `FailureError` reason `invalid-answer` when a value is absent, begins with a dash or holds control characters.
 */
export function renderCommand(template: Template, values: ExpressionValues): string {
  return template.parts
    .map((part) => (typeof part === "string" ? part : quote(writeJson(evaluate(part, values)), part.text)))
    .join("");
}

function quote(value: string, source: string): string {
  if (PLAIN.test(value)) return value;
  if (value.startsWith("-") || CONTROL.test(value)) throw unsafe(source);
  return `'${value.replaceAll("'", String.raw`'\''`)}'`;
}

function unsafe(source: string): FailureError {
  return new FailureError({
    reason: "invalid-answer",
    message: `cannot write the command with the value of "${source}": it begins with a dash or holds control characters; look where it comes from`,
    retryable: false,
  });
}
