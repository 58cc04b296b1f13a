import { elementTypeOf } from "../expression/cel-type.ts";
import type { Scope, ValueType } from "../expression/types.ts";
import type { CompiledStep } from "./compiled.ts";
import type { Declarations } from "./declarations.ts";
import { ownSteps, type OwnStep } from "./own-steps.ts";
import {
  createPlaceCompiler,
  type ExpressionPlace,
  type PlaceCompiler,
  type RunbookProblem,
} from "./place-compiler.ts";
import type { CheckStep, ForEachStep, ManualStep, Runbook, Step, WaitStep } from "./schema.ts";
import { calledBy, scopeOf, withResult, type ScopeSource } from "./scope.ts";

/** A step that was compiled, with every expression in it and all that is wrong with them. Do not carry it out when there are problems. */
export type StepCompilation = OwnStep & {
  readonly compiled: CompiledStep;
  readonly places: readonly ExpressionPlace[];
  readonly problems: readonly RunbookProblem[];
};

type Scopes = { readonly before: Scope; readonly after: Scope };

/** Compiles every step that a file itself has in the scope of its place; what it includes is compiled with its own file. */
export function compileSteps(runbook: Runbook, declarations: Declarations): readonly StepCompilation[] {
  const items = new Map<ForEachStep, ValueType>();
  const scopesOf = shareScopes({ runbook, declarations, items });
  return ownSteps(runbook).map((own) => {
    const scopes = scopesOf(own);
    const compilation = compileStep(own, scopes);
    const { compiled } = compilation;
    // A loop comes before its steps, so the type of its items is known when they are compiled.
    if (compiled.kind === "forEach" && "forEach" in own.step)
      items.set(own.step, elementTypeOf(compiled.list.type, scopes.before));
    return compilation;
  });
}

/**
 * Declaring a scope to CEL is most of what compiling costs, and it grows with the steps before. So a step's scope has only those of them that
 * its text names at all, and steps that name the same share one.
 */
function shareScopes(source: ScopeSource): (own: OwnStep) => Scopes {
  const shared = new Map<string, Scope>();
  const share = (key: string, make: () => Scope): Scope => {
    const scope = shared.get(key) ?? make();
    shared.set(key, scope);
    return scope;
  };
  return (own) => {
    const text = JSON.stringify(own.step);
    const before = own.before.filter(({ id }) => text.includes(id));
    const key = JSON.stringify([before.map(({ id }) => id), own.loops.map(({ id }) => id)]);
    const scope = share(key, () => scopeOf({ ...own, before }, source));
    const after = `${key} ${calledBy(own.step)?.name}`;
    return { before: scope, after: share(after, () => withResult(scope, own.step, source.declarations)) };
  };
}

function compileStep(own: OwnStep, scopes: Scopes): StepCompilation {
  const places = createPlaceCompiler(own.at);
  const { id, title, when, onFailure } = own.step;
  const common = {
    id,
    title: title === undefined ? undefined : places.template(["title"], title, scopes.before),
    when: when === undefined ? undefined : places.condition(["when"], when, scopes.before),
    onFailure,
  };
  const compiled = { ...common, ...compileKind(own.step, places, scopes) };
  return { ...own, compiled, places: places.places, problems: places.problems };
}

type KindOf<S> = S extends CompiledStep ? Omit<S, "id" | "title" | "when" | "onFailure"> : never;

// oxlint-disable-next-line complexity -- one line a kind
function compileKind(step: Step, places: PlaceCompiler, scopes: Scopes): KindOf<CompiledStep> {
  const { before } = scopes;
  if ("check" in step) return compileCheck(step, places, scopes);
  if ("wait" in step) return compileWait(step, places, scopes);
  if ("do" in step)
    return { kind: "do", call: step.do, with: places.with(["with"], step.with, before), gate: step.gate };
  if ("ask" in step) return { kind: "ask", text: places.template(["ask"], step.ask, before), answer: step.answer };
  if ("manual" in step) return compileManual(step, places, scopes);
  if ("include" in step)
    return { kind: "include", runbook: step.include, with: places.with(["with"], step.with, before) };
  if ("forEach" in step) return { kind: "forEach", list: places.list(["forEach"], step.forEach, before), as: step.as };
  return { kind: "say", say: places.template(["say"], step.say, before) };
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
