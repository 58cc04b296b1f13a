import { answerWords } from "../../engine/answer-words.ts";
import type { Asking, LockHolder, Manual, OpenRun, Phase, Unknown } from "../../engine/run.ts";
import { viewRun, type RunChoice } from "../../engine/view.ts";
import type { Failure } from "../../lib/failure.ts";
import { ACTIONS, writeValue } from "../ids.ts";
import { buttons, context, section, type Block, type Button, type Content } from "./content.ts";
import { code, codeBlock, escape, line, linked, time } from "./mrkdwn.ts";
import { stepTitle } from "./run-words.ts";

/** Who is called by a question: mentions as mrkdwn; empty when nobody is known. */
type Call = string;

/** Draws work for a human: the text, the commands, what the watching check sees, and a button for when it is done. */
export function manualMessage(run: OpenRun, phase: Manual, call: Call): Content {
  const title = head(call, `:wrench: *Your turn:* ${line(stepTitle(run, phase.step))}`);
  const watching =
    phase.watch === undefined
      ? undefined
      : `watching ${code(phase.watch.call.name)}; the run goes on by itself when it sees the effect`;
  const blocks: Block[] = [
    section(`${title}\n${linked(phase.text)}`),
    ...phase.commands.slice(0, 10).map((command) => section(codeBlock(command))),
    ...(phase.progress === undefined ? [] : [section(`:hourglass_flowing_sand: ${escape(phase.progress)}`)]),
    context(
      "key shares and tokens: type them at the node or in your own terminal when Vault asks, never here; sealwatch never asks for one",
      watching,
    ),
    choices(run, phase.step),
  ];
  return { text: title, blocks };
}

/** Draws a step that failed, and the choice: again, leave it out, or end the run. */
export function stuckMessage(run: OpenRun, step: string, failure: Failure, call: Call): Content {
  const title = head(call, `:raised_hand: *Failed:* ${line(stepTitle(run, step))}`);
  const blocks: Block[] = [
    section(`${title}\n${escape(failure.message)}`),
    context(
      `reason ${code(failure.reason)}`,
      failure.retryable ? "trying again may help" : "trying again will hardly help before something changes",
    ),
    choices(run, step),
  ];
  return { text: `${title}: ${line(failure.message)}`, blocks };
}

/** Draws a call of which nobody can tell whether it took effect; the program never repeats it by itself. */
export function unknownMessage(run: OpenRun, phase: Unknown, call: Call): Content {
  const title = head(call, `:question: *Did it happen?* ${line(stepTitle(run, phase.step))}`);
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
export function askMessage(run: OpenRun, { step, text, answer }: Asking, call: Call): Content {
  const title = head(call, `:speech_balloon: *A question:* ${line(stepTitle(run, step))}`);
  const blocks: Block[] = [
    section(`${title}\n${linked(text)}`),
    context(`answer with ${line(answerWords(answer), 900)}`, "never a token or a key share"),
    choices(run, step),
  ];
  return { text: title, blocks };
}

/** Draws that another run has the cluster to itself, with the choice not to wait for it. */
export function lockedMessage(run: OpenRun, step: string, { runId, since }: LockHolder): Content {
  const title = `:no_entry_sign: *The cluster is taken:* ${line(stepTitle(run, step))}`;
  const blocks: Block[] = [
    section(`${title}\nRun ${code(runId)} has ${code(run.cluster)} to itself since ${time(since)}.`),
    context("this run goes on by itself when the other ends; nobody takes the lock silently"),
    choices(run, step),
  ];
  return { text: title, blocks };
}

/** Draws a call that waits because the alert is resolved, with the choice to make it all the same. */
export function heldMessage(run: OpenRun, phase: Extract<Phase, { name: "held" }>, call: Call): Content {
  const title = head(call, `:pause_button: *Held back:* ${line(stepTitle(run, phase.step))}`);
  const blocks: Block[] = [
    section(`${title}\nThe alert is resolved, so ${code(phase.call.name)} is not asked for any more.`),
    context("it goes on when the alert fires again, or when somebody re-opens it here; otherwise end the run"),
    choices(run, phase.step),
  ];
  return { text: title, blocks };
}

function head(call: Call, title: string): string {
  return `${call} ${title}`.trim();
}

/** The buttons are what every surface offers now; what this version does not know is offered elsewhere. */
function choices(run: OpenRun, step: string): Block {
  const value = writeValue(run.id, step);
  return buttons(
    ...viewRun(run).choices.flatMap((choice) => {
      const button = buttonOf(run, choice);
      return button === undefined ? [] : [{ ...button, value }];
    }),
  );
}

/** Gives the button of what people may choose in a run; undefined for what is offered elsewhere. */
export function buttonOf(run: OpenRun, choice: RunChoice): Omit<Button, "value"> | undefined {
  if (choice === "retry" && run.phase.name === "unknown") return RETRY_UNKNOWN;
  return BUTTONS[choice];
}

const RETRY_UNKNOWN = { action: ACTIONS.retryUnknown, text: "Try again…", style: "danger" } as const;

const BUTTONS: Readonly<Partial<Record<RunChoice, Omit<Button, "value">>>> = {
  "confirm-manual": {
    action: ACTIONS.manualDone,
    text: "I have done it",
    style: "primary",
    confirm: { title: "Is it done?", text: "The run goes on as if the work is done.", yes: "It is done" },
  },
  answer: { action: ACTIONS.answer, text: "Answer…", style: "primary" },
  retry: { action: ACTIONS.retry, text: "Try again", style: "primary" },
  reopen: {
    action: ACTIONS.reopen,
    text: "Re-open",
    confirm: {
      title: "Re-open the run?",
      text: "Its calls are asked for again although the alert is resolved. Each still needs its approvals.",
      yes: "Re-open",
    },
  },
  "mark-done": { action: ACTIONS.markDone, text: "It took effect…" },
  skip: { action: ACTIONS.skip, text: "Skip…" },
  abort: { action: ACTIONS.abort, text: "Abort run…", style: "danger" },
};
