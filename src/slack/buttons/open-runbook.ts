import type { Bot } from "../bot.ts";
import { findGroup } from "../find-group.ts";
import { startRunModal } from "../modals/start-run.ts";
import { link } from "../render/mrkdwn.ts";
import { pageOf } from "../render/run-card.ts";
import { missingInputs, withDefaults } from "../run-inputs.ts";
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
  const running = await openRunOf(bot, group.key, matched.runbook);
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
  return refusalOf(await bot.runs.start({ runbook: matched.runbook, inputs, by: actor, origin }));
};

async function openRunOf(bot: Bot, alertGroup: string, runbook: string): Promise<string | undefined> {
  const open = await bot.runs.list({ open: true, limit: 200 });
  const found = open.find(({ run }) => run.origin.alertGroup === alertGroup && run.runbook.id === runbook)?.run;
  if (found === undefined) return undefined;
  return `It is open already: started by ${found.startedBy.name}, see this thread or ${link(pageOf(found, bot.externalUrl), "the web page") ?? "the web page"}.`;
}
