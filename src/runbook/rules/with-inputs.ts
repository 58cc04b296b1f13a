import { explainIssue } from "../../document/explain-issue.ts";
import type { Template } from "../../expression/template.ts";
import { describeType, type ValueType } from "../../expression/types.ts";
import { zodValueType } from "../../expression/zod-types.ts";
import { suggestion } from "../../lib/nearest.ts";
import { callsOf, type Call } from "../calls.ts";
import type { CompiledStep, CompiledWith } from "../compiled.ts";
import type { CheckDeclaration } from "../declarations.ts";
import { constantOf, givenType } from "../given-value.ts";
import type { RunbookProblem } from "../place-compiler.ts";
import type { Rule } from "../rule.ts";
import { z } from "zod";

/** Refuses `with` values that the named check or action does not take, and demands those that it needs. */
export const withInputs: Rule = {
  name: "with-inputs",
  summary: "`with` has an unknown key, a value of the wrong type, or lacks an input that the check or action needs.",
  *check({ declarations: { checks, actions }, compilations }) {
    for (const call of callsOf(compilations)) {
      const declared = (call.kind === "check" ? checks : actions).get(call.name);
      if (declared === undefined) continue;
      const { problems, compiled } = call.compilation;
      if (problems.length > 0) yield* misnamed(call, declared);
      else yield* [...misnamed(call, declared), ...mistyped(call, declared, withOf(compiled))];
    }
  },
};

function* misnamed({ name, withPath, namePath, given }: Call, { input }: CheckDeclaration): Generator<RunbookProblem> {
  const known = Object.keys(input.shape);
  for (const key of Object.keys(given))
    if (!known.includes(key))
      yield { path: [...withPath, key], on: "key", message: `${name} takes no "${key}"${suggestion(key, known)}` };
  for (const key of known)
    if (!Object.hasOwn(given, key) && !z.safeParse(field(input, key), undefined).success)
      yield { path: namePath, message: `${name} needs "${key}" under "with"` };
}

function* mistyped({ withPath }: Call, { input }: CheckDeclaration, given: CompiledWith): Generator<RunbookProblem> {
  for (const [key, value] of Object.entries(given)) {
    if (!Object.hasOwn(input.shape, key)) continue;
    const message = judge(key, value, field(input, key));
    if (message !== undefined) yield { path: [...withPath, key], message };
  }
}

function judge(key: string, value: Template | number | boolean, schema: z.core.$ZodType): string | undefined {
  const constant = constantOf(value);
  if (constant !== undefined) return judgeConstant(key, constant, schema);
  const wanted = zodValueType(schema);
  const given = givenType(value as Template);
  return fits(given, wanted) ? undefined : `"${key}" must be ${describeType(wanted)}, but this gives ${given}`;
}

function judgeConstant(key: string, value: string | number | boolean, schema: z.core.$ZodType): string | undefined {
  const whole = z.object({ [key]: schema });
  const judged = { schema: whole, value: { [key]: value }, choose: () => undefined };
  const issues = whole.safeParse(judged.value).error?.issues ?? [];
  return issues.flatMap((issue) => explainIssue(issue, judged)).map(({ message }) => message)[0];
}

function fits(given: string, wanted: ValueType): boolean {
  if (given === "dyn" || wanted === "any") return true;
  if (typeof wanted === "string") return given === wanted || (wanted === "double" && given === "int");
  return "list" in wanted && given.startsWith("list");
}

function field(input: z.ZodObject, key: string): z.core.$ZodType {
  return input.shape[key] ?? z.never();
}

function withOf(step: CompiledStep): CompiledWith {
  if (step.kind === "manual") return step.watch?.with ?? {};
  return "with" in step ? step.with : {};
}
