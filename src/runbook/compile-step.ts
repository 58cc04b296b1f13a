import type { Scope } from "../expression/types.ts";
import type { CompiledStep } from "./compiled.ts";
import type { Declarations } from "./declarations.ts";
import {
  createPlaceCompiler,
  type ExpressionPlace,
  type PlaceCompiler,
  type RunbookProblem,
} from "./place-compiler.ts";
import type { CheckStep, ManualStep, Runbook, Step, WaitStep } from "./schema.ts";
import { resultScopeAt, scopeAt } from "./scope.ts";

/** A step that was compiled, with every expression in it and all that is wrong with them. Do not carry it out when there are problems. */
export type StepCompilation = {
  readonly step: CompiledStep;
  readonly places: readonly ExpressionPlace[];
  readonly problems: readonly RunbookProblem[];
};

type Scopes = { readonly before: Scope; readonly after: Scope };

/** Compiles every step of a runbook in the scope of its place. */
export function compileSteps(runbook: Runbook, declarations: Declarations): readonly StepCompilation[] {
  return runbook.steps.map((step, index) => compileStep(step, { runbook, index, declarations }));
}

type StepPlace = { readonly runbook: Runbook; readonly index: number; readonly declarations: Declarations };

function compileStep(step: Step, { runbook, index, declarations }: StepPlace): StepCompilation {
  const places = createPlaceCompiler(["steps", index]);
  const scopes = { before: scopeAt(runbook, index, declarations), after: resultScopeAt(runbook, index, declarations) };
  const { id, title, when, onFailure } = step;
  const common = {
    id,
    title: title === undefined ? undefined : places.template(["title"], title, scopes.before),
    when: when === undefined ? undefined : places.condition(["when"], when, scopes.before),
    onFailure,
  };
  return {
    step: { ...common, ...compileKind(step, places, scopes) },
    places: places.places,
    problems: places.problems,
  };
}

type KindOf<S> = S extends CompiledStep ? Omit<S, "id" | "title" | "when" | "onFailure"> : never;

function compileKind(step: Step, places: PlaceCompiler, scopes: Scopes): KindOf<CompiledStep> {
  if ("check" in step) return compileCheck(step, places, scopes);
  if ("wait" in step) return compileWait(step, places, scopes);
  if ("do" in step)
    return { kind: "do", call: step.do, with: places.with(["with"], step.with, scopes.before), gate: step.gate };
  if ("manual" in step) return compileManual(step, places, scopes);
  return { kind: "say", say: places.template(["say"], step.say, scopes.before) };
}

function compileCheck(step: CheckStep, places: PlaceCompiler, { before, after }: Scopes): KindOf<CompiledStep> {
  const { expect, shows, otherwise } = step;
  return {
    kind: "check",
    call: step.check,
    with: places.with(["with"], step.with, before),
    expect: expect === undefined ? undefined : places.condition(["expect"], expect, after),
    shows: shows === undefined ? undefined : places.template(["shows"], shows, after),
    otherwise:
      otherwise === undefined
        ? undefined
        : { finish: otherwise.finish, say: places.template(["otherwise", "say"], otherwise.say, after) },
  };
}

function compileWait(step: WaitStep, places: PlaceCompiler, { before, after }: Scopes): KindOf<CompiledStep> {
  return {
    kind: "wait",
    call: step.wait,
    with: places.with(["with"], step.with, before),
    until: places.condition(["until"], step.until, after),
    progress: step.progress === undefined ? undefined : places.template(["progress"], step.progress, after),
    everyMs: step.every,
    timeoutMs: step.timeout,
  };
}

function compileManual(step: ManualStep, places: PlaceCompiler, { before, after }: Scopes): KindOf<CompiledStep> {
  const { watch } = step;
  return {
    kind: "manual",
    text: places.template(["manual"], step.manual, before),
    commands: step.commands.map((command, index) => places.template(["commands", index], command, before)),
    watch:
      watch === undefined
        ? undefined
        : {
            call: watch.check,
            with: places.with(["watch", "with"], watch.with, before),
            until: places.condition(["watch", "until"], watch.until, after),
            progress:
              watch.progress === undefined ? undefined : places.template(["watch", "progress"], watch.progress, after),
            everyMs: watch.every,
          },
  };
}
