import type { OpenRun } from "../../engine/run.ts";
import { viewRun, type RunChoice } from "../../engine/view.ts";
import type { Bot } from "../bot.ts";
import { readValue } from "../ids.ts";
import { nowWords } from "../render/run-words.ts";

/** Finds the open run that a button's value names while it offers a choice, or gives a sentence (mrkdwn) that says why it does not; that is counted. */
export async function findChoice(
  bot: Pick<Bot, "runs" | "observer">,
  value: string,
  choice: RunChoice,
): Promise<OpenRun | string> {
  const { runId, what: step } = readValue(value);
  const run = (await bot.runs.get(runId))?.run;
  if (run?.status === "open" && offers(run, step, choice)) return run;
  bot.observer.refused(run === undefined ? "unknown_action" : "stale");
  if (run === undefined) return "This run is not known any more.";
  return run.status === "open" ? `The run moved on. ${nowWords(run)}` : `The run ended: ${nowWords(run)}`;
}

/** A value without a step is about the run as it stands. */
function offers(run: OpenRun, step: string, choice: RunChoice): boolean {
  const { choices, currentStep } = viewRun(run);
  return choices.includes(choice) && (step === "" || step === currentStep);
}
