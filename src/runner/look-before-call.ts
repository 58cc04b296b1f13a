import type { Effect } from "../engine/effects.ts";
import type { FinishedRun, OpenRun } from "../engine/run.ts";
import type { Clock } from "../lib/clock.ts";
import { FailureError } from "../lib/failure.ts";
import type { ClusterLocks } from "./ports.ts";
import type { Timeline } from "./timeline.ts";

/** What the last look before a call looks at. */
export type LookDeps = {
  readonly timeline: Pick<Timeline, "load">;
  readonly locks: Pick<ClusterLocks, "list">;
  readonly holder: string;
  readonly clock: Clock;
};

/**
 * Asked immediately before a call that changes something leaves, and throws reason `refused` when it may not: since it was recorded as
 * attempted someone may have ended the run or taken its lock away, another instance may have taken the run over, or this one may have slept
 * past the attempt's deadline. An effect that is no call may never change anything.
 */
export async function lookBeforeCall(effect: Effect, runId: string, deps: LookDeps): Promise<void> {
  const why = effect.type === "perform" ? await whyNotCall(effect, runId, deps) : "it is no call that people agreed to";
  if (why === undefined) return;
  throw new FailureError({
    reason: "refused",
    retryable: false,
    message: `cannot change anything for run ${runId}: ${why}`,
  });
}

type Call = Extract<Effect, { readonly type: "perform" }>;

/** The run and the clock are looked at last: whoever slept in here sees what happened meanwhile. */
async function whyNotCall(call: Call, runId: string, deps: LookDeps): Promise<string | undefined> {
  const held = (await deps.locks.list()).find(({ cluster }) => cluster === call.plan.cluster);
  const run = (await deps.timeline.load(runId))?.run;
  // What the run believes of its lock is not enough: somebody may have taken it away where it is kept.
  if (run?.status === "open" && run.locked && held?.runId !== runId)
    return "the cluster's lock is not this run's any more";
  return whyNotByRun(call, run, deps);
}

function whyNotByRun(
  { attempt }: Call,
  run: OpenRun | FinishedRun | undefined,
  { holder, clock }: LookDeps,
): string | undefined {
  if (run?.status !== "open" || run.cancelling !== undefined) return "the run was ended before the call left";
  if (run.driver !== holder || run.epoch !== attempt.epoch) return "another instance carries the run by now";
  if (run.phase.name !== "attempted" || run.phase.attempt.id !== attempt.id)
    return "the run does not stand at this call any more";
  return clock.now() < attempt.deadline ? undefined : "the time for the call is over";
}
