import { readFileSync } from "node:fs";
import { actions, checks } from "../../src/actions/registry.ts";
import { evaluateCondition, type ExpressionValues } from "../../src/expression/evaluate.ts";
import { renderCommand } from "../../src/expression/render-command.ts";
import { renderText } from "../../src/expression/template.ts";
import type { Values } from "../../src/actions/action.ts";
import { toFailure } from "../../src/lib/failure.ts";
import { compileRunbook } from "../../src/runbook/compile.ts";
import {
  renderWith,
  type CompiledCheck,
  type CompiledManual,
  type CompiledStep,
  type CompiledWith,
} from "../../src/runbook/compiled.ts";
import { parseRunbook } from "../../src/runbook/parse.ts";
import { contextOf } from "../contracts/action.contract.ts";
import type { FakeCluster } from "../actions/fake-cluster.ts";

/** What a walk through a runbook met, in order. */
export type Walk = {
  /** Ids of the steps that were entered. */
  readonly steps: string[];
  /** What people were told, with lines and runs of spaces joined. */
  readonly said: string[];
  readonly commands: string[];
  /** What the watch of manual work showed before and after the work. */
  readonly progress: string[];
  result: "resolved" | "stopped" | "finished" | `failed: ${string}`;
};

/** How a walk is made: `work` is what the human does at a manual step. */
export type WalkOptions = {
  readonly runbook: string;
  readonly fake: FakeCluster;
  readonly inputs: Readonly<Record<string, string>>;
  readonly work?: (step: string, fake: FakeCluster) => void;
};

type State = { readonly walk: Walk; readonly options: WalkOptions; readonly results: Record<string, Values> };

/**
 * Walks through a runbook of the folder with real checks and actions on a fake cluster, and reads its texts. It asks nobody, waits for
 * nothing and stores nothing: those are the engine's, which has its own tests.
 */
export async function walkRunbook(options: WalkOptions): Promise<Walk> {
  const walk: Walk = { steps: [], said: [], commands: [], progress: [], result: "finished" };
  const state: State = { walk, options, results: {} };
  for (const step of compile(options.runbook)) {
    if (step.when !== undefined && !evaluateCondition(step.when, scopeOf(state))) continue;
    walk.steps.push(step.id);
    try {
      const end = await takeStep(step, state);
      if (end === undefined || (step.kind === "wait" && step.onFailure === "continue")) continue;
      walk.result = end;
    } catch (error) {
      if (step.onFailure === "continue") continue;
      walk.result = `failed: ${toFailure(error).reason}`;
    }
    return walk;
  }
  return walk;
}

function compile(id: string): readonly CompiledStep[] {
  const text = readFileSync(new URL(`../../runbooks/${id}.yaml`, import.meta.url), "utf8");
  const parsing = parseRunbook(`${id}.yaml`, text);
  if (!parsing.ok) throw new Error(JSON.stringify(parsing.findings));
  const compilation = compileRunbook(parsing.parsed.runbook, { checks, actions });
  if (!compilation.ok) throw new Error(JSON.stringify(compilation.problems));
  return compilation.compiled.steps;
}

async function takeStep(step: CompiledStep, state: State): Promise<Walk["result"] | undefined> {
  switch (step.kind) {
    case "check":
      return await takeCheck(step, state);
    case "wait": {
      const result = await read(step.call, step.with, state);
      if (!evaluateCondition(step.until, { ...scopeOf(state), result })) return "failed: timeout";
      state.results[step.id] = result;
      return undefined;
    }
    case "do":
      return await perform(step.call, step.with, state);
    case "manual":
      return await takeManual(step, state);
    default:
      state.walk.said.push(oneLine(renderText(step.say, scopeOf(state))));
      return undefined;
  }
}

async function takeCheck(step: CompiledCheck, state: State): Promise<Walk["result"] | undefined> {
  const result = await read(step.call, step.with, state);
  state.results[step.id] = result;
  const scope = { ...scopeOf(state), result };
  if (step.expect === undefined || evaluateCondition(step.expect, scope)) return undefined;
  if (step.otherwise === undefined) return "failed: refused";
  state.walk.said.push(oneLine(renderText(step.otherwise.say, scope)));
  return step.otherwise.finish;
}

async function takeManual(step: CompiledManual, state: State): Promise<Walk["result"] | undefined> {
  const { walk, options } = state;
  walk.said.push(oneLine(renderText(step.text, scopeOf(state))));
  walk.commands.push(...step.commands.map((command) => renderCommand(command, scopeOf(state))));
  const before = await watch(step, state);
  if (before) throw new Error(`the work of ${step.id} ends before it began`);
  options.work?.(step.id, options.fake);
  return (await watch(step, state)) || step.watch === undefined ? undefined : "failed: timeout";
}

async function watch(step: CompiledManual, state: State): Promise<boolean> {
  if (step.watch === undefined) return false;
  const result = await read(step.watch.call, step.watch.with, state);
  const scope = { ...scopeOf(state), result };
  if (step.watch.progress !== undefined) state.walk.progress.push(renderText(step.watch.progress, scope));
  return evaluateCondition(step.watch.until, scope);
}

async function read(call: string, given: CompiledWith, state: State): Promise<Values> {
  const check = checks.get(call);
  if (check === undefined) throw new Error(`there is no check ${call}`);
  return await check.read(contextOf(state.options.fake), renderWith(given, scopeOf(state)));
}

async function perform(call: string, given: CompiledWith, state: State): Promise<Walk["result"] | undefined> {
  const action = actions.get(call);
  if (action === undefined) throw new Error(`there is no action ${call}`);
  const context = contextOf(state.options.fake);
  const input = renderWith(given, scopeOf(state));
  const broken = (await action.preconditions(context, input)).filter(({ ok }) => !ok).map(({ name }) => name);
  if (broken.length > 0) return `failed: ${broken.join(", ")}`;
  await action.perform(context, input);
  return undefined;
}

function scopeOf({ options, results }: State): ExpressionValues {
  return { inputs: options.inputs, steps: results };
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/gu, " ").trim();
}
