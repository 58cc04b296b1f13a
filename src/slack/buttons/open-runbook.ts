import { findGroup } from "../find-group.ts";
import { startRunModal } from "../modals/start-run.ts";
import { missingInputs, withDefaults } from "../run-inputs.ts";
import { openAlready, startRun } from "../start-run.ts";
import { refusalOf, type ButtonHandler } from "./button.ts";

/** Opens the runbook that answers an alert, with inputs from its labels; asks for those that the labels do not give. */
export const openRunbook: ButtonHandler = async (bot, { actor, value, triggerId, place }) => {
  const group = await findGroup(bot, value.replace(/^alert:/u, ""));
  if (group === undefined) return "This alert is not known any more. `/vault runbook` lists what can be started.";
  if (group.status === "resolved") return "This alert is resolved. `/vault runbook` starts a runbook all the same.";
  const matched = bot.match(group);
  const found = matched === undefined ? undefined : bot.catalog().get(matched.runbook);
  if (matched === undefined || found === undefined)
    return "No runbook answers this alert. `/vault runbook` lists what can be started.";
  const running = await openAlready(bot, group.key, matched.runbook);
  if (running !== undefined) return running;
  const inputs = withDefaults(found.runbook, matched.inputs, bot.clusters);
  if (missingInputs(found.runbook, inputs).length > 0) {
    await bot.outgoing.openView(
      triggerId,
      startRunModal({ runbook: found.runbook, inputs, clusters: bot.clusters, place, alertGroup: value }),
    );
    return undefined;
  }
  const origin = { surface: "slack", alertGroup: group.key } as const;
  const outcome = await startRun(bot, { runbook: matched.runbook, inputs, by: actor, origin });
  return "already" in outcome ? outcome.already : refusalOf(outcome);
};
