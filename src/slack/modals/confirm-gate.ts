import type { types } from "@slack/bolt";
import { findSecret } from "../../lib/redact.ts";
import type { Timestamp } from "../../lib/clock.ts";
import { BLOCKS, VIEWS } from "../ids.ts";
import type { Place } from "../outgoing.ts";
import { inputValue } from "../payloads.ts";
import { context, section } from "../render/content.ts";
import { leftOf } from "../render/countdown.ts";
import { demandWords, differenceBlocks, planBlocks, voteBlocks } from "../render/gate-words.ts";
import { bold, line, time } from "../render/mrkdwn.ts";
import { stepTitle } from "../render/run-words.ts";
import { secretRefusal } from "../secret-refusal.ts";
import type { FoundGate } from "./find-gate.ts";
import { CLOSED, field, memoryOf, modal, NO_MEMORY, readPlan, writePlan, type ModalHandler } from "./modal.ts";

/** What the question of a gate is drawn from. */
export type ConfirmGateForm = FoundGate & { readonly place: Place; readonly now: Timestamp };

/** Draws the question that a destructive gate asks before a yes counts: all that its message says, read again, and the cluster's name to type. */
export function confirmGateModal({ run, gate, place, now }: ConfirmGateForm): types.ModalView {
  const memory = { ...NO_MEMORY, runId: run.id, what: gate.id, plan: writePlan(gate.planHash), ...memoryOf(place) };
  return modal(VIEWS.confirmGate, { title: "Approve", submit: "Approve" }, memory, [
    section(`:warning: *${line(stepTitle(run, gate.step))}*\n${demandWords(gate, run)}`),
    ...planBlocks(gate.plan),
    ...differenceBlocks(gate),
    ...voteBlocks(gate),
    context(
      `started by ${bold(run.startedBy.name)}`,
      `expires ${time(gate.expiresAt)}`,
      leftOf(gate.expiresAt, now).words,
    ),
    field(BLOCKS.phrase, "Type the cluster's name", {
      hint: "Exactly as it stands above. The facts are read again after the last approval; nothing is called when one of them changed.",
    }),
  ]);
}

/** Approves a gate with what was typed; the modal stays while the run service says no. */
export const submitConfirmGate: ModalHandler = async (bot, { actor, body, memory }) => {
  const phrase = inputValue(body, BLOCKS.phrase) ?? "";
  const secret = findSecret(phrase);
  if (secret !== undefined) return { errors: { [BLOCKS.phrase]: secretRefusal(secret) } };
  const { runId, what: gateId } = memory;
  const planHash = readPlan(memory);
  const answer = await bot.runs.ask({ type: "approve", runId, gateId, by: actor, phrase, planHash });
  return answer.ok ? CLOSED : { errors: { [BLOCKS.phrase]: answer.why } };
};
