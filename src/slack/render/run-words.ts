import type { FinishedRun, OpenRun, Phase, RunResult, StepRecord } from "../../engine/run.ts";
import { viewRun } from "../../engine/view.ts";
import { exhaustive } from "../../lib/exhaustive.ts";
import { formatDuration } from "../../lib/duration.ts";
import { line, time } from "./mrkdwn.ts";

/** A run that exists. */
export type AnyRun = OpenRun | FinishedRun;

/** The sign of a step's state. */
export function stepSign(status: StepRecord["status"]): string {
  switch (status) {
    case "pending":
      return ":white_circle:";
    case "running":
      return ":large_blue_circle:";
    case "done":
      return ":white_check_mark:";
    case "failed":
      return ":x:";
    case "skipped":
      return ":fast_forward:";
    case "planned":
      return ":clipboard:";
    default:
      return exhaustive(status);
  }
}

/** What makes a run unlike others, in words that go in front of its title; empty for most. */
export function markWords({ dryRun, drill }: AnyRun): string {
  return `${dryRun ? "DRY RUN · " : ""}${drill ? "DRILL · " : ""}`;
}

/** The sign and word of how a run ended. */
export function resultWords(result: RunResult): string {
  switch (result) {
    case "resolved":
      return ":white_check_mark: *Resolved*";
    case "stopped":
      return ":checkered_flag: *Stopped*";
    case "failed":
      return ":x: *Failed*";
    case "aborted":
      return ":octagonal_sign: *Aborted*";
    case "planned":
      return ":clipboard: *Planned*";
    default:
      return exhaustive(result);
  }
}

const LONGEST = 800;

/** What a run does or waits for now, and who has to do something, in one or two lines. */
export function nowWords(run: AnyRun): string {
  if (run.status === "finished") return `${resultWords(run.result)} ${line(run.text, LONGEST)}`;
  const view = viewRun(run);
  const progress = view.progress === undefined ? "" : `: ${line(view.progress, LONGEST)}`;
  const actor = view.nextActor === undefined ? "" : `\n*Next:* ${line(view.nextActor)}`;
  const deadline = run.phase.name === "waiting" ? `, until ${time(run.phase.deadline)} at most` : "";
  const since = view.lockHeldBy === undefined ? "" : ` since ${time(view.lockHeldBy.since)}`;
  const sign = run.cancelling === undefined ? PHASE_SIGNS[run.phase.name] : ":octagonal_sign:";
  return `${sign} ${line(view.stateText, LONGEST)}${since}${progress}${deadline}${actor}`;
}

const WORKING = ":hourglass_flowing_sand:";
const PHASE_SIGNS: Readonly<Record<Phase["name"], string>> = {
  between: WORKING,
  checking: WORKING,
  waiting: WORKING,
  manual: ":wrench:",
  asking: ":speech_balloon:",
  locking: ":no_entry_sign:",
  planning: WORKING,
  held: ":pause_button:",
  gate: ":lock:",
  rechecking: ":unlock:",
  attempted: WORKING,
  probing: WORKING,
  unknown: ":question:",
  stuck: ":raised_hand:",
};

/** Gives a step's title, or its id when the run has no such step. */
export function stepTitle(run: Pick<AnyRun, "steps">, step: string): string {
  return run.steps.find((record) => record.id === step)?.title ?? step;
}

/** Says at which step of how many a run is; blocks are not counted, and their steps only once they have begun. */
export function progressOf(
  run: OpenRun,
): { readonly at: number; readonly of: number; readonly title: string } | undefined {
  const { currentStep } = viewRun(run);
  const leaves = run.steps.filter(({ kind }) => kind !== "forEach" && kind !== "include");
  const index = leaves.findIndex(({ id }) => id === currentStep);
  const current = leaves[index];
  return current === undefined ? undefined : { at: index + 1, of: leaves.length, title: current.title };
}

/** How long a run took. */
export function took(run: FinishedRun): string {
  return formatDuration(run.finishedAt - run.startedAt);
}
