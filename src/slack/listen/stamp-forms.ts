import type { types } from "@slack/bolt";
import { z } from "zod";
import type { Bot } from "../bot.ts";

const Stamp = z.looseObject({ for: z.string().optional() });

/** Gives the bot as one person has it: every form that it opens or changes remembers for whom that was. */
export function stampForms(bot: Bot, slackId: string): Bot {
  const stamped = (view: types.ModalView): types.ModalView => ({
    ...view,
    private_metadata: JSON.stringify({ ...readStamp(view.private_metadata), for: slackId }),
  });
  const { openView, updateView } = bot.outgoing;
  return {
    ...bot,
    outgoing: {
      ...bot.outgoing,
      openView: async (triggerId, view) => await openView(triggerId, stamped(view)),
      updateView: async (opened, view) => await updateView(opened, stamped(view)),
    },
  };
}

/** Whether a form was opened for this person. */
export function isFor(slackId: string, privateMetadata: string): boolean {
  return readStamp(privateMetadata).for === slackId;
}

function readStamp(privateMetadata: string | undefined): z.infer<typeof Stamp> {
  try {
    return Stamp.parse(JSON.parse(privateMetadata ?? "{}"));
  } catch {
    return {};
  }
}
