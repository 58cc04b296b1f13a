import { answerWords } from "../../engine/answer-words.ts";
import type { Asking, LockHolder, Manual, OpenRun, Unknown } from "../../engine/run.ts";
import { viewRun, type RunChoice } from "../../engine/view.ts";
import type { Failure } from "../../lib/failure.ts";
import { ACTIONS, writeValue } from "../ids.ts";
import { buttons, context, section, type Block, type Button, type Content } from "./content.ts";
import { stepTitle } from "./gate.ts";
import { code, codeBlock, escape, time } from "./mrkdwn.ts";

/** Draws work for a human: the text, the commands, what the watching check sees, and a button for when it is done. */
export function manualMessage(run: OpenRun, phase: Manual): Content {
  const title = `:wrench: *Your turn:* ${escape(stepTitle(run, phase.step))}`;
  const watching =
    phase.watch === undefined
      ? undefined
      : `watching ${code(phase.watch.call.name)}; the run goes on by itself when it sees the effect`;
  const blocks: Block[] = [
    section(`${title}\n${escape(phase.text)}`),
    ...phase.commands.map((command) => section(codeBlock(command))),
    ...(phase.progress === undefined ? [] : [section(`:hourglass_flowing_sand: ${escape(phase.progress)}`)]),
    context("never paste a token or a key share here", watching),
    choices(run, phase.step),
  ];
  return { text: title, blocks };
}

/** Draws a step that failed, and the choice: again, leave it out, or end the run. */
export function stuckMessage(run: OpenRun, step: string, failure: Failure): Content {
  const title = `:raised_hand: *Failed:* ${escape(stepTitle(run, step))}`;
  const blocks: Block[] = [
    section(`${title}\n${escape(failure.message)}`),
    context(
      `reason ${code(failure.reason)}`,
      failure.retryable ? "trying again may help" : "trying again will hardly help before something changes",
    ),
    choices(run, step),
  ];
  return { text: `${title}: ${escape(failure.message)}`, blocks };
}

/** Draws a call of which nobody can tell whether it took effect; the program never repeats it by itself. */
export function unknownMessage(run: OpenRun, phase: Unknown): Content {
  const title = `:question: *Did it happen?* ${escape(stepTitle(run, phase.step))}`;
  const blocks: Block[] = [
    section(
      `${title}\n${code(phase.plan.explain.call)} was about to be made ${time(phase.attempt.at)}; no read can tell whether it took effect.`,
    ),
    section(`*Evidence*\n${escape(phase.evidence)}\n*What would prove it*\n${escape(phase.plan.explain.proof)}`),
    context("look at the cluster yourself first: trying again asks for a new approval and makes the call once more"),
    choices(run, phase.step),
  ];
  return { text: title, blocks };
}

/** Draws a question of the run's, with what may be answered. */
export function askMessage(run: OpenRun, { step, text, answer }: Asking): Content {
  const title = `:speech_balloon: *A question:* ${escape(stepTitle(run, step))}`;
  const blocks: Block[] = [
    section(`${title}\n${escape(text)}`),
    context(`answer with ${escape(answerWords(answer))}`, "never a token or a key share"),
    choices(run, step),
  ];
  return { text: title, blocks };
}

/** Draws that another run has the cluster to itself, with the choice not to wait for it. */
export function lockedMessage(run: OpenRun, step: string, { runId, since }: LockHolder): Content {
  const title = `:no_entry_sign: *The cluster is taken:* ${escape(stepTitle(run, step))}`;
  const blocks: Block[] = [
    section(`${title}\nRun ${code(runId)} has ${code(run.cluster)} to itself since ${time(since)}.`),
    context("this run goes on by itself when the other ends; nobody takes the lock silently"),
    choices(run, step),
  ];
  return { text: title, blocks };
}

/** The buttons are what every surface offers now. */
function choices(run: OpenRun, step: string): Block {
  const value = writeValue(run.id, step);
  return buttons(
    ...viewRun(run).choices.flatMap((choice) =>
      choice in BUTTONS ? [{ ...BUTTONS[choice as keyof typeof BUTTONS], value }] : [],
    ),
  );
}

const BUTTONS = {
  "confirm-manual": { action: ACTIONS.manualDone, text: "I have done it", style: "primary" },
  answer: { action: ACTIONS.answer, text: "Answer…", style: "primary" },
  retry: { action: ACTIONS.retry, text: "Try again", style: "primary" },
  "mark-done": { action: ACTIONS.markDone, text: "It took effect…" },
  skip: { action: ACTIONS.skip, text: "Skip…" },
  abort: { action: ACTIONS.abort, text: "Abort run…", style: "danger" },
} as const satisfies Partial<Record<RunChoice, Omit<Button, "value">>>;
