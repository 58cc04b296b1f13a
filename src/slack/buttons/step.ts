import { readValue, VIEWS } from "../ids.ts";
import { reasonModal } from "../modals/reason.ts";
import { refusalOf, type ButtonHandler } from "./button.ts";

/** Says that a person has done the work of a step. */
export const confirmManual: ButtonHandler = async (bot, { actor, value }) => {
  const { runId, what: step } = readValue(value);
  return refusalOf(await bot.runs.ask({ type: "confirm-manual", runId, step, by: actor }));
};

/** Tries a step again. */
export const retryStep: ButtonHandler = async (bot, { actor, value }) => {
  const { runId, what: step } = readValue(value);
  return refusalOf(await bot.runs.ask({ type: "retry", runId, step, by: actor }));
};

/** Leaves a step out, with a reason. */
export const skipStep = askReason(VIEWS.skip, "Skip the step", "Why may this step be left out?");

/** Says that a call took effect although no read can tell, with the evidence. */
export const markStepDone = askReason(VIEWS.markDone, "It took effect", "How do you know that it took effect?");

/** Ends the run, with a reason. */
export const abortRun = askReason(VIEWS.abort, "Abort the run", "Why does the run end here?");

function askReason(callbackId: string, title: string, ask: string): ButtonHandler {
  return async (bot, { value, triggerId, place }) => {
    const { runId, what } = readValue(value);
    await bot.outgoing.openView(triggerId, reasonModal({ callbackId, title, ask, runId, what, place }));
    return undefined;
  };
}
