import type { types } from "@slack/bolt";
import type { OpenRun } from "../../engine/run.ts";
import type { RunRequest } from "../../runner/ports.ts";
import { findSecret } from "../../lib/redact.ts";
import { BLOCKS } from "../ids.ts";
import type { Place } from "../outgoing.ts";
import { inputValue } from "../payloads.ts";
import { section } from "../render/content.ts";
import { line } from "../render/mrkdwn.ts";
import { nowWords, stepTitle } from "../render/run-words.ts";
import { secretRefusal } from "../secret-refusal.ts";
import { CLOSED, field, memoryOf, modal, NO_MEMORY, type ModalHandler, type Submission } from "./modal.ts";

/** What a question for a reason is about. */
export type ReasonQuestion = {
  readonly callbackId: string;
  readonly title: string;
  readonly ask: string;
  readonly run: OpenRun;
  /** The step or the gate; empty when it is about the run. */
  readonly what: string;
  readonly place: Place;
};

/** Draws a question for a reason, below where the run stands at this moment. */
export function reasonModal({ callbackId, title, ask, run, what, place }: ReasonQuestion): types.ModalView {
  const step = "step" in run.phase ? `*${line(stepTitle(run, run.phase.step))}*\n` : "";
  return modal(callbackId, { title, submit: title }, { ...NO_MEMORY, runId: run.id, what, ...memoryOf(place) }, [
    section(`${line(run.runbook.title)} on ${line(run.cluster)}\n${step}${nowWords(run)}`),
    field(BLOCKS.reason, ask, {
      multiline: true,
      hint: "Everybody reads it in the thread, and it stays in the run's timeline.",
    }),
  ]);
}

type Ask = (submission: Submission, reason: string) => RunRequest;

/** Makes the handler of a question for a reason: the modal stays while the run service says no. */
export function submitReason(request: Ask): ModalHandler {
  return async (bot, submission) => {
    const reason = inputValue(submission.body, BLOCKS.reason);
    if (reason === undefined) return { errors: { [BLOCKS.reason]: "Give a reason: others will ask." } };
    const secret = findSecret(reason);
    if (secret !== undefined) return { errors: { [BLOCKS.reason]: secretRefusal(secret) } };
    const answer = await bot.runs.ask(request(submission, reason));
    return answer.ok ? CLOSED : { errors: { [BLOCKS.reason]: answer.why } };
  };
}
