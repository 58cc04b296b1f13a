import type { Timestamp } from "../../../lib/clock.ts";
import type { Step } from "../plan/plan.ts";
import type { Desk } from "./desk.ts";
import type { OpenSubject } from "./subject.ts";

/** A step that has its turn, and the subject that it is for. */
export type Chosen = { readonly step: Step; readonly subject: OpenSubject };

/** What can be begun now, and when there will be more: infinity when nothing else waits for its time. */
export type Choice = { readonly chosen: readonly Chosen[]; readonly nextAt: Timestamp };

/** Calls of one lane that may be under way at a time: one that hangs must not hold up the others. */
const AT_ONCE = 4;

/** Chooses in each lane what matters most, for as long as the lane is free. */
export function chooseSteps(desk: Desk): Choice {
  const byLane = Map.groupBy(waiting(desk), ({ step }) => step.lane);
  const choices = [...byLane].map(([lane, steps]) => chooseInLane(desk, lane, steps));
  const nextAt = Math.min(Number.POSITIVE_INFINITY, ...choices.map((choice) => choice.nextAt));
  return { chosen: choices.flatMap(({ chosen }) => chosen), nextAt };
}

/** Each step once, although several subjects may need it. */
function waiting({ subjects, underWay }: Desk): readonly Chosen[] {
  const found = new Map<string, Chosen>();
  for (const subject of subjects.values())
    for (const step of subject.steps)
      if (!underWay.has(step.id) && !found.has(step.id)) found.set(step.id, { step, subject });
  return [...found.values()];
}

function chooseInLane(desk: Desk, name: string, steps: readonly Chosen[]): Choice {
  const { lanes, clock, backoff, underWay, careful } = desk;
  const now = clock.now();
  const readyAt = ({ step }: Chosen): Timestamp => Math.max(step.notBefore, backoff.until(step.id));
  const ready = steps.filter((each) => readyAt(each) <= now).toSorted(byRank);
  const later = steps.map(readyAt).filter((at) => at > now);
  const busy = [...underWay.values()].filter((lane) => lane === name).length;
  const atOnce = (careful.get(name) ?? 0) > now ? 1 : AT_ONCE;
  const lane = lanes(name);
  const chosen: Chosen[] = [];
  // Places are looked at here and taken when the step begins: none is taken in between.
  const giveBacks: (() => void)[] = [];
  for (const each of ready) {
    const freeAt = lane.freeAt(each.step.rank, now);
    if (freeAt > now) later.push(freeAt);
    if (freeAt > now || busy + chosen.length >= atOnce) break;
    giveBacks.push(lane.take(now));
    chosen.push(each);
  }
  for (const giveBack of giveBacks) giveBack();
  return { chosen, nextAt: Math.min(Number.POSITIVE_INFINITY, ...later) };
}

function byRank(left: Chosen, right: Chosen): number {
  return (
    left.step.rank - right.step.rank || left.step.order - right.step.order || left.subject.since - right.subject.since
  );
}
