import type { Json } from "../lib/json.ts";
import type { Step } from "../runbook/schema.ts";
import { CANCEL, childPath, parentOf, stepAtPath, stepsInside } from "../runbook/step-path.ts";
import type { ScopeValues } from "./program.ts";
import type { Block, OpenRun, StepRecord, Values } from "./run.ts";

/** The part of a run by which steps and what they may read are found. */
type Blocks = Pick<OpenRun, "runbook" | "included" | "blocks" | "inputs" | "results">;

/** Finds a step of the run's own runbook, or of one that it includes. */
export function stepOf(run: Pick<OpenRun, "id" | "runbook" | "included">, path: string): Step {
  const step = stepAtPath(run, path);
  if (step === undefined) throw new Error(`run ${run.id} has no step "${path}"`);
  return step;
}

/** Lists the paths of the steps that a block begins with, in order: once, or once for each item. */
export function pathsInside(run: Blocks & Pick<OpenRun, "id">, path: string, block: Block): readonly string[] {
  const steps = stepsInside(stepOf(run, path), run.included);
  if (!("items" in block)) return steps.map(({ id }) => childPath(path, id));
  return block.items.flatMap((_item, round) => steps.map(({ id }) => childPath(path, id, round)));
}

/** Lists the paths of the steps of `onCancel`. */
export function cancelPaths({ runbook }: Pick<OpenRun, "runbook">): readonly string[] {
  return (runbook.onCancel?.steps ?? []).map(({ id }) => childPath(CANCEL, id));
}

/** Tells whether a step is in a block, however deep. */
export function isInside(path: string, block: string): boolean {
  return path.startsWith(`${block}.`) || path.startsWith(`${block}[`);
}

/** Gives the innermost `include` that a step is in; undefined for a step of the run's own runbook. */
export function includeAround(run: Blocks, path: string): string | undefined {
  let parent = parentOf(path);
  while (parent !== undefined) {
    const block = run.blocks[parent.path];
    if (block !== undefined && "inputs" in block) return parent.path;
    parent = parentOf(parent.path);
  }
  return undefined;
}

/** The expressions' view of a run at one of its steps: the inputs and the results of its own runbook, and the items of the rounds it is in. */
export function scopeAt(run: Blocks, path: string): ScopeValues {
  const include = includeAround(run, path);
  const frame = include === undefined ? undefined : run.blocks[include];
  const rounds = roundsAround(run, path, include);
  const own = path.startsWith(`${CANCEL}.`) ? [`${CANCEL}.`] : [];
  const prefixes = [include === undefined ? "" : `${include}.`, ...rounds.map(({ prefix }) => prefix), ...own];
  return {
    inputs: frame !== undefined && "inputs" in frame ? frame.inputs : run.inputs,
    steps: Object.fromEntries(prefixes.flatMap((prefix) => resultsUnder(run.results, prefix))),
    items: Object.fromEntries(rounds.map(({ name, item }) => [name, item])),
  };
}

/** Counts how the steps inside a block ended. */
export function countInside(
  steps: readonly StepRecord[],
  path: string,
): Readonly<Record<"done" | "failed" | "skipped", number>> {
  const inside = steps.filter(({ id }) => parentOf(id)?.path === path);
  const count = (status: StepRecord["status"]): number => inside.filter((step) => step.status === status).length;
  return { done: count("done"), failed: count("failed"), skipped: count("skipped") };
}

type Round = { readonly prefix: string; readonly name: string; readonly item: Json };

/** The rounds around a step up to the runbook that it is in, outermost first. */
function roundsAround(run: Blocks, path: string, include: string | undefined): readonly Round[] {
  const rounds: Round[] = [];
  for (let parent = parentOf(path); parent !== undefined && parent.path !== include; parent = parentOf(parent.path)) {
    const block = run.blocks[parent.path];
    const step = stepAtPath(run, parent.path);
    if (parent.round === undefined || block === undefined || !("items" in block)) continue;
    if (step === undefined || !("forEach" in step)) continue;
    const item = block.items[parent.round] ?? null;
    rounds.unshift({ prefix: `${parent.path}[${parent.round}].`, name: step.as, item });
  }
  return rounds;
}

/** The results of the steps right under a prefix, by their own ids. */
function resultsUnder(results: OpenRun["results"], prefix: string): readonly (readonly [string, Values])[] {
  return Object.entries(results).flatMap(([path, values]) => {
    const id = path.slice(prefix.length);
    return path.startsWith(prefix) && !/[.[]/u.test(id) ? [[id, values] as const] : [];
  });
}
