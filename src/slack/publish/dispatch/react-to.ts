import { FailureError } from "../../../lib/failure.ts";
import { sortSlackError } from "../../slack-error.ts";
import { EDIT_LANE } from "../pace/lanes.ts";
import type { Step } from "../plan/plan.ts";
import { refusalOf } from "../refusals.ts";
import { LaterError, LostLockError } from "../sender-errors.ts";
import type { Desk } from "./desk.ts";

/** What no other call of the same lane will be spared is tried again after so long, in milliseconds. */
const FOR_ALL_MS = 15_000;
/** What Slack refuses for itself alone is tried again less and less often: many such messages must not use up the pace of the others. */
const REFUSED_MS = 10 * 60_000;
/** Whether the lock is still ours is known after its next renewal. */
const UNSURE_MS = 500;
/** After a pause that Slack asked for a lane is careful for so long. */
const CAREFUL_MS = 60_000;

/** Decides what a failed step means for others: a 429 for its lane, no clear answer for everything, anything else for itself alone. */
export function reactTo(desk: Desk, step: Step, error: unknown): void {
  const { backoff, logger } = desk;
  if (error instanceof LostLockError) return backoff.wait(step.id, UNSURE_MS);
  if (error instanceof LaterError) return backoff.wait(step.id, error.waitMs);
  if (!(error instanceof FailureError)) return reactToSlack(desk, step, error);
  const failures = backoff.failed(step.id);
  logger.warn("cannot send to slack; trying again", { step: step.id, failures, error: error.message });
}

function reactToSlack(
  { backoff, lanes, clock, availability, careful, logger }: Desk,
  step: Step,
  error: unknown,
): void {
  const failure = sortSlackError(error);
  if (failure.kind === "rate-limited") {
    logger.warn("slack asks for a pause", { lane: step.lane, milliseconds: failure.waitMs });
    careful.set(step.lane, clock.now() + failure.waitMs + CAREFUL_MS);
    return lanes(step.lane).block(clock.now() + failure.waitMs);
  }
  const refusal = refusalOf(error);
  // The lane of edits has messages of every channel.
  const forAll = refusal === "token" || (refusal === "channel" && step.lane !== EDIT_LANE);
  if (forAll) lanes(step.lane).block(clock.now() + FOR_ALL_MS);
  if (failure.kind === "uncertain") availability.doubt();
  const failures =
    failure.kind === "refused" && !forAll ? backoff.failed(step.id, REFUSED_MS) : backoff.failed(step.id);
  const { kind, error: said } = failure;
  logger.warn("cannot send to slack; trying again", { step: step.id, failures, kind, error: said });
}
