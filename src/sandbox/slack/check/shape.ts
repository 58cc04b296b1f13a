import { isPart, type Part } from "../part.ts";
import type { StandInFile } from "../workspace.ts";

/** What a check may look at and where it says what is wrong. */
export type Look = {
  readonly report: (pointer: string, problem: string) => void;
  /** The files that blocks may show; undefined takes every file to be there. */
  readonly files: readonly StandInFile[] | undefined;
};

/** Check says what Slack would refuse in a value; `at` is its JSON pointer. */
export type Check = (value: unknown, at: string, look: Look) => void;

/** Checks a string: there, not blank, not too long. */
export function text(max: number): Check {
  return (value, at, { report }) => {
    if (typeof value !== "string") return report(at, "is not text");
    if (value.trim().length === 0) report(at, "must be more than 0 characters");
    if (value.length > max) report(at, `must be less than ${max + 1} characters (has ${value.length})`);
  };
}

/** Checks a string that may be empty. */
export function textOrNone(max: number): Check {
  return (value, at, look) => {
    if (value !== "") text(max)(value, at, look);
  };
}

/** Checks a string by a pattern. */
export function pattern(regex: RegExp, what: string): Check {
  return (value, at, { report }) => {
    if (typeof value !== "string" || !regex.test(value)) report(at, `must be ${what}`);
  };
}

/** Checks that a value is one of a few. */
export function oneOf(...allowed: readonly (string | number | boolean)[]): Check {
  return (value, at, { report }) => {
    if (!allowed.includes(value as string)) report(at, `must be ${allowed.join(" or ")}`);
  };
}

/** Checks true or false. */
export const bool: Check = oneOf(true, false);

/** Checks a whole number. */
export function int(min: number, max: number): Check {
  return (value, at, { report }) => {
    if (!Number.isInteger(value) || Number(value) < min || Number(value) > max) report(at, `must be ${min} to ${max}`);
  };
}

/** Checks a list and each of its items. */
export function list(min: number, max: number, item: Check): Check {
  return (value, at, look) => {
    if (!Array.isArray(value)) return look.report(at, "is not a list");
    if (value.length < min || value.length > max) look.report(at, `must have ${min} to ${max} items`);
    for (const [index, one] of value.entries()) item(one, `${at}/${index}`, look);
  };
}

/** Marks a field that must be there. */
export type Field = Check | { readonly needed: Check };

/** Makes a field that must be there. */
export function needed(check: Check): Field {
  return { needed: check };
}

/** Checks an object: its fields and, as Slack does, that it has no others. */
export function object(fields: Readonly<Record<string, Field>>, also: Check = () => {}): Check {
  return (value, at, look) => {
    if (!isPart(value)) return look.report(at, "is not an object");
    for (const key of Object.keys(value))
      if (!Object.hasOwn(fields, key)) look.report(at, `invalid additional property: ${key}`);
    for (const [key, field] of Object.entries(fields)) checkField(value, key, field, { at, look });
    also(value, at, look);
  };
}

type Where = { readonly at: string; readonly look: Look };

function checkField(part: Part, key: string, field: Field, { at, look }: Where): void {
  const value = part[key];
  if (typeof field === "function") {
    if (value !== undefined) field(value, `${at}/${key}`, look);
  } else if (value === undefined) look.report(`${at}/${key}`, "is missing");
  else field.needed(value, `${at}/${key}`, look);
}

/** Checks an object by its `type`, of those that may stand here. */
export function kinds(what: string, table: Readonly<Record<string, Check>>): Check {
  return (value, at, look) => {
    if (!isPart(value)) return look.report(at, "is not an object");
    const type = String(value["type"]);
    const check = Object.hasOwn(table, type) ? table[type] : undefined;
    if (check === undefined) return look.report(`${at}/type`, `unsupported ${what} type ${type}`);
    check(value, at, look);
  };
}
