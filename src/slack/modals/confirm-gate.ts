import type { types } from "@slack/bolt";
import type { Gate } from "../../engine/run.ts";
import { findSecret } from "../../lib/redact.ts";
import { BLOCKS, VIEWS } from "../ids.ts";
import type { Place } from "../outgoing.ts";
import { inputValue } from "../payloads.ts";
import { section } from "../render/content.ts";
import { code, escape } from "../render/mrkdwn.ts";
import { stepTitle } from "../render/gate.ts";
import type { AnyRun } from "../render/run-words.ts";
import { secretRefusal } from "../secret-refusal.ts";
import { CLOSED, field, memoryOf, modal, NO_MEMORY, readPlan, writePlan, type ModalHandler } from "./modal.ts";

/** Draws the question that a destructive gate asks before a yes counts: the call once more, and the cluster's name to type. */
export function confirmGateModal(run: AnyRun, gate: Gate, place: Place): types.ModalView {
  const { plan } = gate;
  const memory = { ...NO_MEMORY, runId: run.id, what: gate.id, plan: writePlan(gate.planHash), ...memoryOf(place) };
  return modal(VIEWS.confirmGate, { title: "Approve", submit: "Approve" }, memory, [
    section(`:warning: *${escape(stepTitle(run, gate.step))}*\n${code(plan.explain.call)}`),
    section(`*Cost* ${escape(plan.explain.cost)}\n*Cluster* ${code(plan.cluster)}`),
    field(BLOCKS.phrase, "Type the cluster's name", {
      hint: "Exactly as the gate's message writes it. The facts are read again after the last approval.",
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
