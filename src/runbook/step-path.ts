import type { Runbook, Step } from "./schema.ts";

/** The parent of the steps of `onCancel`. No step can have this id. */
export const CANCEL = "$cancel";

/** Names a step of a block: `rolling[2].restart` in the third round of `rolling`, `look.seal` in what `look` includes. */
export function childPath(parent: string, id: string, round?: number): string {
  return `${parent}${round === undefined ? "" : `[${round}]`}.${id}`;
}

/** Gives the path of the block that a step is in, and its round there; undefined for a step of the runbook itself. */
export function parentOf(path: string): { readonly path: string; readonly round: number | undefined } | undefined {
  const parts = /^(?<parent>.+?)(?:\[(?<round>\d+)\])?[.](?<id>[^.]+)$/u.exec(path)?.groups;
  if (parts?.["parent"] === undefined) return undefined;
  const { parent, round } = parts;
  return { path: parent, round: round === undefined ? undefined : Number(round) };
}

/** Gives a step's path in the runbook's text: that of its path in a run without the rounds. */
export function definitionPath(path: string): string {
  return path.replaceAll(/\[\d+\]/gu, "");
}

/** A runbook with those that it includes, by their ids. */
export type RunbookWithIncludes = { readonly runbook: Runbook; readonly included: Readonly<Record<string, Runbook>> };

/** Finds a step by its path in a run or in the text; undefined when there is none. */
export function stepAtPath(book: RunbookWithIncludes, path: string): Step | undefined {
  const [first = "", ...rest] = definitionPath(path).split(".");
  const [steps, ids] =
    first === CANCEL ? [book.runbook.onCancel?.steps ?? [], rest] : [book.runbook.steps, [first, ...rest]];
  return find(steps, ids, book);
}

function find(steps: readonly Step[], [id, ...rest]: readonly string[], book: RunbookWithIncludes): Step | undefined {
  const step = steps.find((candidate) => candidate.id === id);
  return step === undefined || rest.length === 0 ? step : find(stepsInside(step, book.included), rest, book);
}

/** Gives the steps inside a block: those of a `forEach`, or those of the runbook that is included. Empty for any other step. */
export function stepsInside(step: Step, included: RunbookWithIncludes["included"]): readonly Step[] {
  if ("forEach" in step) return step.steps;
  if ("include" in step && Object.hasOwn(included, step.include)) return included[step.include]?.steps ?? [];
  return [];
}

/** A step with its path in the text. */
export type PlacedStep = { readonly path: string; readonly step: Step };

/** Lists every step of a runbook, those inside blocks and of `onCancel` too; a block comes before what is in it. */
export function allSteps({ runbook, included }: RunbookWithIncludes): readonly PlacedStep[] {
  return [...placed(runbook.steps, "", included), ...placed(runbook.onCancel?.steps ?? [], `${CANCEL}.`, included)];
}

function placed(
  steps: readonly Step[],
  prefix: string,
  included: RunbookWithIncludes["included"],
): readonly PlacedStep[] {
  return steps.flatMap((step) => {
    const path = `${prefix}${step.id}`;
    return [{ path, step }, ...placed(stepsInside(step, included), `${path}.`, included)];
  });
}
