import type { types } from "@slack/bolt";
import { findSecret } from "../../lib/redact.ts";
import { BLOCKS, VIEWS } from "../ids.ts";
import type { Place } from "../outgoing.ts";
import { inputValue } from "../payloads.ts";
import { section } from "../render/content.ts";
import { planBlocks } from "../render/gate-words.ts";
import { line } from "../render/mrkdwn.ts";
import { stepTitle } from "../render/run-words.ts";
import { secretRefusal } from "../secret-refusal.ts";
import type { FoundGate } from "./find-gate.ts";
import { CLOSED, field, memoryOf, modal, NO_MEMORY, readPlan, writePlan, type ModalHandler } from "./modal.ts";

/** Draws what one person must say to go past a gate alone: why, and the cluster's name. */
export function breakGlassModal({ run, gate }: FoundGate, place: Place): types.ModalView {
  const { plan, planHash } = gate;
  const memory = { ...NO_MEMORY, runId: run.id, what: gate.id, plan: writePlan(planHash), ...memoryOf(place) };
  const people = gate.approvals === 1 ? "another person" : `${gate.approvals} people`;
  return modal(VIEWS.breakGlass, { title: "Break-glass", submit: "Go past the gate" }, memory, [
    section(
      `:rotating_light: *You alone* go past a gate that asks for ${people}. Everybody reads it in the channel, with your reason.`,
    ),
    section(`*${line(stepTitle(run, gate.step))}*`),
    ...planBlocks(plan),
    field(BLOCKS.reason, "Why must one person be enough?", { multiline: true }),
    field(BLOCKS.phrase, "Type the cluster's name", { hint: "Exactly as it stands above." }),
  ]);
}

/** Goes past a gate; the modal stays while the run service says no. */
export const submitBreakGlass: ModalHandler = async (bot, { actor, body, memory }) => {
  const reason = inputValue(body, BLOCKS.reason);
  const phrase = inputValue(body, BLOCKS.phrase) ?? "";
  if (reason === undefined) return { errors: { [BLOCKS.reason]: "Give a reason: others will ask." } };
  for (const [block, text] of [[BLOCKS.reason, reason] as const, [BLOCKS.phrase, phrase] as const]) {
    const secret = findSecret(text);
    if (secret !== undefined) return { errors: { [block]: secretRefusal(secret) } };
  }
  const answer = await bot.runs.ask({
    type: "approve",
    runId: memory.runId,
    gateId: memory.what,
    by: actor,
    phrase,
    planHash: readPlan(memory),
    breakGlass: { reason },
  });
  if (answer.ok) return CLOSED;
  return { errors: { [answer.code === "phrase" ? BLOCKS.phrase : BLOCKS.reason]: answer.why } };
};
