import { covers, type Actor } from "../access/person.ts";
import type { Bot } from "./bot.ts";
import { openForm } from "./modals/open-form.ts";
import { startRunModal, type StartRunForm } from "./modals/start-run.ts";
import { section } from "./render/content.ts";
import { needsRole } from "./role-words.ts";

/** Who asks for the form: the trigger lives three seconds and is good for one use, so nobody else need see to it that it is used once. */
export type FormAsker = { readonly triggerId: string; readonly slackId: string };

const TITLE = "Start a runbook";

/**
 * Opens the form of a runbook: something is opened at once, and becomes the form when it is known who asks. Gives a sentence (mrkdwn) for
 * the person when Slack showed nothing; what is refused stands in the modal.
 */
export async function openStartForm(
  bot: Bot,
  { triggerId, slackId }: FormAsker,
  form: StartRunForm,
): Promise<string | undefined> {
  return await openForm(bot, { triggerId, title: TITLE }, async () => viewFor(bot, await bot.identify(slackId), form));
}

function viewFor(bot: Bot, { role }: Actor, form: StartRunForm): ReturnType<typeof startRunModal> | string {
  if (!covers(role, "viewer")) {
    bot.observer.refused("role");
    return needsRole("viewer", "start a runbook");
  }
  if (covers(role, "responder")) return startRunModal(form);
  // A viewer may only look what a run would do; the run service refuses anything else.
  const view = startRunModal({ ...form, how: { dryRun: true, drill: form.how?.drill ?? false } });
  return { ...view, blocks: [...view.blocks, section("With the role viewer you may start a *dry run*.")] };
}
