import { readValue, VIEWS } from "../ids.ts";
import { answerModal } from "../modals/answer.ts";
import { reasonModal } from "../modals/reason.ts";
import { refusalOf, type ButtonHandler } from "./button.ts";

/** Says that a person has done the work of a step. */
export const confirmManual: ButtonHandler = async (bot, { actor, value }) => {
  const { runId, what: step } = readValue(value);
  return refusalOf(await bot.runs.ask({ type: "confirm-manual", runId, step, by: actor }));
};

/** Tries a step again; where nobody knows what its call did, asks for a reason first. */
export const retryStep: ButtonHandler = async (bot, click) => {
  const { runId, what: step } = readValue(click.value);
  const run = (await bot.runs.get(runId))?.run;
  if (run?.status === "open" && run.phase.name === "unknown") return await askWhyAgain(bot, click);
  return refusalOf(await bot.runs.ask({ type: "retry", runId, step, by: click.actor }));
};

/** Asks for the answer to a step's question. */
export const answerStep: ButtonHandler = async (bot, { value, triggerId, place }) => {
  const { runId, what: step } = readValue(value);
  const run = (await bot.runs.get(runId))?.run;
  if (run?.status !== "open" || run.phase.name !== "asking" || run.phase.step !== step)
    return "This question is answered already, or the run moved on.";
  await bot.outgoing.openView(triggerId, answerModal({ run, phase: run.phase, clusters: bot.clusters, place }));
  return undefined;
};

/** Puts who pressed it in charge of the run. */
export const takeOver: ButtonHandler = async (bot, { actor, value }) => {
  const { runId } = readValue(value);
  const to = { id: actor.id, name: actor.name };
  return refusalOf(await bot.runs.ask({ type: "assign", runId, by: actor, to }));
};

/** Leaves a step out, with a reason. */
export const skipStep = askReason(VIEWS.skip, "Skip the step", "Why may this step be left out?");

/** Says that a call took effect although no read can tell, with the evidence. */
export const markStepDone = askReason(VIEWS.markDone, "It took effect", "How do you know that it took effect?");

/** Ends the run, with a reason. */
export const abortRun = askReason(VIEWS.abort, "Abort the run", "Why does the run end here?");

const askWhyAgain = askReason(VIEWS.retry, "Try again", "How do you know that it took no effect?");

function askReason(callbackId: string, title: string, ask: string): ButtonHandler {
  return async (bot, { value, triggerId, place }) => {
    const { runId, what } = readValue(value);
    await bot.outgoing.openView(triggerId, reasonModal({ callbackId, title, ask, runId, what, place }));
    return undefined;
  };
}
