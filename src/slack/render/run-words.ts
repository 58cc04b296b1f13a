import type { FinishedRun, OpenRun, Phase, RunResult, StepRecord } from "../../engine/run.ts";
import { viewRun } from "../../engine/view.ts";
import { exhaustive } from "../../lib/exhaustive.ts";
import { formatDuration } from "../../lib/duration.ts";
import { escape, time } from "./mrkdwn.ts";

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

/** What a run does or waits for now, and who has to do something, in one or two lines. */
export function nowWords(run: AnyRun): string {
  if (run.status === "finished") return `${resultWords(run.result)} ${escape(run.text)}`;
  const view = viewRun(run);
  const progress = view.progress === undefined ? "" : `: ${escape(view.progress)}`;
  const actor = view.nextActor === undefined ? "" : `\nNext: ${escape(view.nextActor)}`;
  const deadline = run.phase.name === "waiting" ? `, until ${time(run.phase.deadline)} at most` : "";
  const since = view.lockHeldBy === undefined ? "" : ` since ${time(view.lockHeldBy.since)}`;
  const sign = run.cancelling === undefined ? phaseSign(run.phase.name) : ":octagonal_sign:";
  return `${sign} ${escape(view.stateText)}${since}${progress}${deadline}${actor}`;
}

function phaseSign(name: Phase["name"]): string {
  switch (name) {
    case "manual":
      return ":wrench:";
    case "asking":
      return ":speech_balloon:";
    case "locking":
      return ":no_entry_sign:";
    case "gate":
      return ":lock:";
    case "rechecking":
      return ":unlock:";
    case "unknown":
      return ":question:";
    case "stuck":
      return ":raised_hand:";
    case "between":
    case "checking":
    case "waiting":
    case "planning":
    case "attempted":
    case "probing":
      return ":hourglass_flowing_sand:";
    default:
      return exhaustive(name);
  }
}

/** How long a run took. */
export function took(run: FinishedRun): string {
  return formatDuration(run.finishedAt - run.startedAt);
}
