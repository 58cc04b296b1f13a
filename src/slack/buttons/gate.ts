import { readValue, VIEWS } from "../ids.ts";
import { breakGlassModal } from "../modals/break-glass.ts";
import { confirmGateModal } from "../modals/confirm-gate.ts";
import { findGate } from "../modals/find-gate.ts";
import { openForm } from "../modals/open-form.ts";
import { reasonModal } from "../modals/reason.ts";
import { refusalOf, type ButtonHandler } from "./button.ts";

/** Approves a gate at which nothing is typed: Slack asked "sure?" before it sent the click. The run service decides everything. */
export const approveGate: ButtonHandler = async (bot, click) => {
  const { runId, what: gateId } = readValue(click.value);
  const record = (await bot.runs.get(runId))?.run.gates.find(({ gate }) => gate.id === gateId);
  // A message from before this button had an id of its own.
  if (record?.outcome === "open" && record.gate.phrase !== undefined) return await confirmGate(bot, click);
  // A gate's plan never changes: another plan has another gate, and so another button.
  const seen = record === undefined ? {} : { planHash: record.gate.planHash };
  const by = await click.identify();
  return refusalOf(await bot.runs.ask({ type: "approve", runId, gateId, by, ...seen }));
};

/** Asks for the cluster's name before a yes counts. */
export const confirmGate: ButtonHandler = async (bot, { value, triggerId, place }) =>
  await openForm(bot, { triggerId, title: "Approve" }, async () => {
    const found = await findGate(bot, value);
    return typeof found === "string" ? found : confirmGateModal({ ...found, place, now: bot.clock.now() });
  });

/** Asks for what one person must say to go past a gate alone. The run service decides whether they may. */
export const breakGlass: ButtonHandler = async (bot, { value, triggerId, place }) =>
  await openForm(bot, { triggerId, title: "Break-glass" }, async () => {
    const found = await findGate(bot, value);
    return typeof found === "string" ? found : breakGlassModal(found, place);
  });

/** Rejects a gate, with a reason. */
export const rejectGate: ButtonHandler = async (bot, { value, triggerId, place }) =>
  await openForm(bot, { triggerId, title: "Reject" }, async () => {
    const found = await findGate(bot, value);
    if (typeof found === "string") return found;
    const { run, gate } = found;
    const ask = "Why should it not be done?";
    return reasonModal({ callbackId: VIEWS.rejectGate, title: "Reject", ask, run, what: gate.id, place });
  });
