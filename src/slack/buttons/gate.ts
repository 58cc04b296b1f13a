import { readValue } from "../ids.ts";
import { breakGlassModal } from "../modals/break-glass.ts";
import { confirmGateModal } from "../modals/confirm-gate.ts";
import { reasonModal } from "../modals/reason.ts";
import { VIEWS } from "../ids.ts";
import { refusalOf, type ButtonHandler } from "./button.ts";

/** Approves a gate; where something must be typed, asks for it first. The run service decides everything. */
export const approveGate: ButtonHandler = async (bot, { actor, value, triggerId, place }) => {
  const { runId, what: gateId } = readValue(value);
  const loaded = await bot.runs.get(runId);
  const record = loaded?.run.gates.find(({ gate }) => gate.id === gateId);
  if (loaded !== undefined && record?.outcome === "open" && record.gate.phrase !== undefined) {
    await bot.outgoing.openView(triggerId, confirmGateModal(loaded.run, record.gate, place));
    return undefined;
  }
  // A gate's plan never changes: another plan has another gate, and so another button.
  const seen = record === undefined ? {} : { planHash: record.gate.planHash };
  return refusalOf(await bot.runs.ask({ type: "approve", runId, gateId, by: actor, ...seen }));
};

/** Asks for what one person must say to go past a gate alone. The run service decides whether they may. */
export const breakGlass: ButtonHandler = async (bot, { value, triggerId, place }) => {
  const { runId, what: gateId } = readValue(value);
  const loaded = await bot.runs.get(runId);
  const record = loaded?.run.gates.find(({ gate }) => gate.id === gateId);
  if (loaded === undefined || record?.outcome !== "open") return "This gate is closed.";
  await bot.outgoing.openView(triggerId, breakGlassModal(loaded.run, record.gate, place));
  return undefined;
};

/** Rejects a gate, with a reason. */
export const rejectGate: ButtonHandler = async (bot, { value, triggerId, place }) => {
  const { runId, what } = readValue(value);
  await bot.outgoing.openView(
    triggerId,
    reasonModal({
      callbackId: VIEWS.rejectGate,
      title: "Reject",
      ask: "Why should it not be done?",
      runId,
      what,
      place,
    }),
  );
  return undefined;
};
