import type { ButtonHandler } from "../buttons/button.ts";
import { openStartForm } from "../open-start-form.ts";
import { code } from "../render/mrkdwn.ts";

/** Opens the form of the runbook that was chosen in a list or stands in a button; never starts it at once, for a slip of the finger is no start. */
export const pickRunbook: ButtonHandler = async (bot, { value, triggerId, slackId, place }) => {
  const found = bot.catalog().get(value);
  if (found === undefined)
    return `The runbook ${code(value, 80)} is gone. \`/vault runbook\` lists what can be started.`;
  const { runbook, digest } = found;
  const form = { runbook, digest, inputs: {}, clusters: bot.clusters, place, alertGroup: undefined };
  return await openStartForm(bot, { triggerId, slackId }, form);
};
