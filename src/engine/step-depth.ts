import { CANCEL, parentOf } from "../runbook/step-path.ts";

/** Says in how many blocks a step is, by its path: 0 for a step of the runbook itself and for one of `onCancel`. */
export function stepDepth(path: string): number {
  const parent = parentOf(path);
  return parent === undefined || parent.path === CANCEL ? 0 : stepDepth(parent.path) + 1;
}

/** Says where a step of a block stands, for people: `rolling, round 3` for `rolling[2].restart`; undefined for any other step. */
export function stepPlace(path: string): string | undefined {
  const parent = parentOf(path);
  if (parent === undefined) return undefined;
  if (parent.path === CANCEL) return "on abort";
  const outer = stepPlace(parent.path);
  const own = ownId(parent.path);
  const here = parent.round === undefined ? own : `${own}, round ${parent.round + 1}`;
  return outer === undefined ? here : `${outer}, ${here}`;
}

function ownId(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}
