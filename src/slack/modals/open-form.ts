import type { types } from "@slack/bolt";
import { toFailure } from "../../lib/failure.ts";
import { redact } from "../../lib/redact.ts";
import type { Bot } from "../bot.ts";
import type { OpenedView } from "../outgoing.ts";
import { section } from "../render/content.ts";
import { sortSlackError } from "../slack-error.ts";
import { loadingModal, noticeModal } from "./loading.ts";

/** Which form is opened, and by what: Slack's trigger lives three seconds and opens one. */
export type FormToOpen = { readonly triggerId: string; readonly title: string };

/** Draws a form once its facts came: the modal, or a sentence (mrkdwn) that says why there is none. It may take its time. */
export type DrawForm = () => Promise<types.ModalView | string>;

const TOO_LATE = "Slack did not open the form in time. Nothing happened; press again.";
const NOT_SHOWN = "The form could not be shown. Nothing happened; press again.";
const FAILED =
  "Something failed here, and it is in sealwatch's log. Nothing happened; press again, or use the web page.";

/**
 * Opens a form: a modal at once, before anything is read, and then in it the form, or why there is none. Gives a sentence for the person when
 * Slack showed neither.
 */
export async function openForm(
  bot: Pick<Bot, "outgoing" | "logger">,
  { triggerId, title }: FormToOpen,
  draw: DrawForm,
): Promise<string | undefined> {
  let opened: OpenedView;
  try {
    opened = await bot.outgoing.openView(triggerId, loadingModal(title));
  } catch (error) {
    const failure = sortSlackError(error);
    // Slack delivers twice now and then: the other delivery used the trigger, and opened the form.
    if (failure.kind === "refused" && failure.error === "exchanged_trigger_id") return undefined;
    return failed(bot, "cannot open a form in slack", error, TOO_LATE);
  }
  const form = await drawn(bot, draw);
  try {
    await bot.outgoing.updateView(opened, typeof form === "string" ? noticeModal(title, [section(form)]) : form);
    return undefined;
  } catch (error) {
    // Who closed it meanwhile wants to hear nothing.
    const failure = sortSlackError(error);
    if (failure.kind === "refused" && failure.error === "not_found") return undefined;
    return failed(bot, "cannot show a form in slack", error, NOT_SHOWN);
  }
}

async function drawn({ logger }: Pick<Bot, "logger">, draw: DrawForm): Promise<types.ModalView | string> {
  try {
    return await draw();
  } catch (error) {
    return failed({ logger }, "cannot draw a form for slack", error, FAILED);
  }
}

function failed({ logger }: Pick<Bot, "logger">, what: string, error: unknown, say: string): string {
  logger.warn(what, { error: redact(toFailure(error).message) });
  return say;
}
