import type { RunChoice } from "../../engine/view.ts";
import { readValue, VIEWS } from "../ids.ts";
import { answerModal } from "../modals/answer.ts";
import { findChoice } from "../modals/find-choice.ts";
import { openForm } from "../modals/open-form.ts";
import { reasonModal } from "../modals/reason.ts";
import { refusalOf, type ButtonHandler } from "./button.ts";

/** Says that a person has done the work of a step. */
export const confirmManual: ButtonHandler = async (bot, { identify, value }) => {
  const { runId, what: step } = readValue(value);
  return refusalOf(await bot.runs.ask({ type: "confirm-manual", runId, step, by: await identify() }));
};

/** Tries a step again. */
export const retryStep: ButtonHandler = async (bot, click) => {
  const { runId, what: step } = readValue(click.value);
  const run = (await bot.runs.get(runId))?.run;
  // A message from before that button had an id of its own.
  if (run?.status === "open" && run.phase.name === "unknown") return await retryUnknown(bot, click);
  return refusalOf(await bot.runs.ask({ type: "retry", runId, step, by: await click.identify() }));
};

/** Says that the calls of a run are needed although its alert is resolved. */
export const reopenRun: ButtonHandler = async (bot, { identify, value }) => {
  const { runId, what: step } = readValue(value);
  return refusalOf(await bot.runs.ask({ type: "reopen", runId, step, by: await identify() }));
};

/** Asks for the answer to a step's question. */
export const answerStep: ButtonHandler = async (bot, { value, triggerId, place }) =>
  await openForm(bot, { triggerId, title: "Answer" }, async () => {
    const run = await findChoice(bot, value, "answer");
    if (typeof run === "string") return `This question is answered already, or the run moved on. ${run}`;
    if (run.phase.name !== "asking") return "This question is answered already.";
    return answerModal({ run, phase: run.phase, clusters: bot.clusters, place });
  });

/** Puts who pressed it in charge of the run. */
export const takeOver: ButtonHandler = async (bot, { identify, value }) => {
  const { runId } = readValue(value);
  const by = await identify();
  return refusalOf(await bot.runs.ask({ type: "assign", runId, by, to: { id: by.id, name: by.name } }));
};

/** Leaves a step out, with a reason. */
export const skipStep = askReason("skip", VIEWS.skip, "Skip the step", "Why may this step be left out?");

/** Says that a call took effect although no read can tell, with the evidence. */
export const markStepDone = askReason(
  "mark-done",
  VIEWS.markDone,
  "It took effect",
  "How do you know that it took effect?",
);

/** Ends the run, with a reason. */
export const abortRun = askReason("abort", VIEWS.abort, "Abort the run", "Why does the run end here?");

/** Makes a call again of which nobody knows what it did, with a reason. */
export const retryUnknown = askReason("retry", VIEWS.retry, "Try again", "How do you know that it took no effect?");

function askReason(choice: RunChoice, callbackId: string, title: string, ask: string): ButtonHandler {
  return async (bot, { value, triggerId, place }) =>
    await openForm(bot, { triggerId, title }, async () => {
      const run = await findChoice(bot, value, choice);
      if (typeof run === "string") return run;
      return reasonModal({ callbackId, title, ask, run, what: readValue(value).what, place });
    });
}
