import type { types } from "@slack/bolt";
import { answerWords } from "../../engine/answer-words.ts";
import type { Asking, OpenRun } from "../../engine/run.ts";
import { findSecret } from "../../lib/redact.ts";
import type { VaultCluster } from "../../vault/cluster.ts";
import { BLOCKS, VIEWS } from "../ids.ts";
import type { Place } from "../outgoing.ts";
import { inputValue } from "../payloads.ts";
import { context, section } from "../render/content.ts";
import { line, linked } from "../render/mrkdwn.ts";
import { stepTitle } from "../render/run-words.ts";
import { secretRefusal } from "../secret-refusal.ts";
import { chooser } from "./choose.ts";
import { CLOSED, field, memoryOf, modal, NO_MEMORY, type ModalHandler } from "./modal.ts";

/** What a question is drawn from. */
export type AnswerForm = {
  readonly run: OpenRun;
  readonly phase: Asking;
  readonly clusters: readonly VaultCluster[];
  readonly place: Place;
};

/** Draws the question of a step: a list where there is one to choose from, else a field. */
export function answerModal({ run, phase, clusters, place }: AnswerForm): types.ModalView {
  const memory = { ...NO_MEMORY, runId: run.id, what: phase.step, ...memoryOf(place) };
  const label = "Your answer";
  const typed = field(BLOCKS.answer, label, { hint: `Answer with ${answerWords(phase.answer)}.` });
  return modal(VIEWS.answer, { title: "Answer", submit: "Answer" }, memory, [
    section(`*${line(stepTitle(run, phase.step))}*\n${linked(phase.text)}`),
    context("never a token or a key share: this program asks for none"),
    chooser(BLOCKS.answer, label, optionsOf(run, phase, clusters)) ?? typed,
  ]);
}

function optionsOf(run: OpenRun, { answer }: Asking, clusters: readonly VaultCluster[]): readonly string[] {
  if (answer.type === "enum") return answer.options;
  if (answer.type === "bool") return ["yes", "no"];
  if (answer.type !== "node") return [];
  const cluster = clusters.find(({ name }) => name === run.cluster);
  return (cluster?.nodes ?? []).map(({ name }) => name);
}

/** Answers a step with what was chosen or typed; the modal stays while the run service says no. */
export const submitAnswer: ModalHandler = async (bot, { actor, body, memory }) => {
  const value = inputValue(body, BLOCKS.answer) ?? "";
  const secret = findSecret(value);
  if (secret !== undefined) return { errors: { [BLOCKS.answer]: secretRefusal(secret) } };
  const { runId, what: step } = memory;
  const answer = await bot.runs.ask({ type: "answer", runId, step, by: actor, value });
  return answer.ok ? CLOSED : { errors: { [BLOCKS.answer]: answer.why } };
};
