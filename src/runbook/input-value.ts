import { formatDuration, parseDuration } from "../lib/duration.ts";
import type { Json } from "../lib/json.ts";
import { suggestion } from "../lib/nearest.ts";
import type { Answer, Input } from "./schema.ts";

/** What a value may be: that of an input, or of an answer. */
export type ValueSpec = Input | Answer;

/** A value that fits, in the form that expressions read, or why it does not: words that go behind `input "x"`. */
export type ValueReading = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly why: string };

/** Nobody types more than this into a field; patterns are tried on it, so it also bounds their work. */
const MAX_TEXT = 200;

const WORDS: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["yes", true],
  ["false", false],
  ["no", false],
]);

/** Reads text as people, links and alerts give it: `3`, `yes`, `5m` (which is 300, in seconds). Never throws, and never repeats the text. */
export function readInputText(spec: ValueSpec, given: string): ValueReading {
  if (given.length > MAX_TEXT) return no(`is longer than ${MAX_TEXT} characters`);
  if (spec.type === "string") return readInputValue(spec, given);
  const text = given.trim();
  if (spec.type === "int")
    return /^[+-]?\d+$/u.test(text) ? readInputValue(spec, Number(text)) : no("must be a whole number");
  if (spec.type === "duration") return readDuration(spec, text);
  if (spec.type !== "bool") return readInputValue(spec, text);
  const value = WORDS.get(text.toLowerCase());
  return value === undefined ? no("must be yes or no") : { ok: true, value };
}

/** Reads a value that has a type already, as `with` of an `include` gives it; a duration may be text (`5m`) or whole seconds. */
export function readInputValue(spec: ValueSpec, value: Json): ValueReading {
  switch (spec.type) {
    case "int":
      return Number.isSafeInteger(value) ? within(spec, value as number) : no("must be a whole number");
    case "duration":
      if (typeof value === "string") return readDuration(spec, value);
      return Number.isSafeInteger(value) ? withinTime(spec, value as number) : no("must be a time like 30s or 5m");
    case "bool":
      return typeof value === "boolean" ? { ok: true, value } : no("must be true or false");
    default:
      return typeof value === "string" ? readName(spec, value) : no("must be text");
  }
}

/** Gives what is taken when nothing is given, in the form that expressions read; undefined when something must be given. */
export function inputDefault(spec: ValueSpec): Json | undefined {
  return spec.type === "duration" && spec.default !== undefined ? spec.default / 1000 : spec.default;
}

/** Writes a default the way people would type it. */
export function defaultText(spec: ValueSpec): string | undefined {
  if (spec.default === undefined) return undefined;
  if (spec.type === "duration") return formatDuration(spec.default).replaceAll(" ", "");
  return spec.type === "bool" ? (spec.default ? "yes" : "no") : String(spec.default);
}

/** Says in a few words what people may type; undefined where the names to choose from say it. */
export function valueHint(spec: ValueSpec): string | undefined {
  if (spec.type === "bool") return "yes or no";
  if (spec.type === "string") return spec.pattern === undefined ? undefined : `Text of the form ${spec.pattern}`;
  if (spec.type !== "int" && spec.type !== "duration") return undefined;
  const write = spec.type === "int" ? String : formatDuration;
  const bounds = [
    ...(spec.min === undefined ? [] : [`at least ${write(spec.min)}`]),
    ...(spec.max === undefined ? [] : [`at most ${write(spec.max)}`]),
  ];
  return [spec.type === "int" ? "A whole number" : "A time like 30s, 5m or 1h30m", ...bounds].join(", ");
}

type Spec<T extends ValueSpec["type"]> = Extract<ValueSpec, { type: T }>;

function readName(spec: Spec<"string" | "enum" | "node" | "cluster">, value: string): ValueReading {
  if (value.length > MAX_TEXT) return no(`is longer than ${MAX_TEXT} characters`);
  if (spec.type === "enum" && !spec.options.includes(value))
    return no(`must be one of ${spec.options.join(", ")}${near(value, spec.options)}`);
  if (spec.type === "string" && spec.pattern !== undefined && !new RegExp(`^(?:${spec.pattern})$`, "u").test(value))
    return no(`does not fit the pattern ${spec.pattern}`);
  return spec.type !== "string" && value === "" ? no("must not be empty") : { ok: true, value };
}

function near(value: string, options: readonly string[]): string {
  const hint = suggestion(value, options);
  return hint.startsWith("; did you mean") ? hint : "";
}

function readDuration(spec: Spec<"duration">, text: string): ValueReading {
  const milliseconds = text.length > MAX_TEXT ? undefined : parseDuration(text);
  if (milliseconds === undefined) return no("must be a time with its unit, like 30s, 5m or 1h30m");
  return Number.isSafeInteger(milliseconds / 1000)
    ? withinTime(spec, milliseconds / 1000)
    : no("must be whole seconds");
}

function withinTime(spec: Spec<"duration">, seconds: number): ValueReading {
  if (seconds < 0) return no("must not be negative");
  if (spec.min !== undefined && seconds * 1000 < spec.min) return no(`must be at least ${formatDuration(spec.min)}`);
  if (spec.max !== undefined && seconds * 1000 > spec.max) return no(`must be at most ${formatDuration(spec.max)}`);
  return { ok: true, value: seconds };
}

function within({ min, max }: Spec<"int">, value: number): ValueReading {
  if (!Number.isSafeInteger(value)) return no("must be a whole number");
  if (min !== undefined && value < min) return no(`must be at least ${min}`);
  if (max !== undefined && value > max) return no(`must be at most ${max}`);
  return { ok: true, value };
}

function no(why: string): ValueReading {
  return { ok: false, why };
}
