import { toFailure } from "../../lib/failure.ts";
import { redact } from "../../lib/redact.ts";
import type { Bot } from "../bot.ts";
import { ACTIONS } from "../ids.ts";
import { buttons, context, section, type Content } from "../render/content.ts";
import { rotation } from "../secret-refusal.ts";
import { findPastedSecret } from "./find-pasted-secret.ts";
import { noteInRun } from "./note-in-run.ts";
import { readPersonMessage, type PersonMessage } from "./person-message.ts";
import { rememberPasted } from "./pasted.ts";

/** What reading people's messages needs of the bot. */
export type Reader = Pick<
  Bot,
  "outgoing" | "messages" | "runs" | "observer" | "channel" | "channelOf" | "clusters" | "logger"
>;

/**
 * Looks whether a person pasted a secret into a channel of ours (`message` event, also an edit), and tells the author alone at once what to do. The
 * text is looked at and dropped; messages of bots and in other channels are not looked at. Never rejects.
 */
export async function readMessage(bot: Reader, event: unknown): Promise<void> {
  const found = pastedSecretIn(bot, event);
  if (found === undefined) return;
  const { message, kind } = found;
  bot.observer.refused("secret");
  bot.logger.warn("a person pasted something that looks like a secret into slack", { kind, channel: message.channel });
  const wasTold = await tellAuthor(bot, message, kind);
  await noteInRun(bot, message, { kind, wasTold });
}

/** Finds what a person pasted into a channel of ours, without asking anybody: nearly every message is none of our business. */
export function pastedSecretIn(
  bot: Pick<Reader, "channel" | "channelOf" | "clusters">,
  event: unknown,
): { readonly message: PersonMessage; readonly kind: string } | undefined {
  const message = readPersonMessage(event);
  if (message === undefined || !isOurs(bot, message.channel)) return undefined;
  const kind = findPastedSecret(message.text, message.before);
  return kind === undefined ? undefined : { message, kind };
}

/** Every channel where cards appear, whole: a share beside a thread leaks as much as one in it. */
function isOurs(
  { channel, channelOf, clusters }: Pick<Reader, "channel" | "channelOf" | "clusters">,
  where: string,
): boolean {
  return where === channel || clusters.some(({ name }) => channelOf(name) === where);
}

async function tellAuthor(bot: Reader, message: PersonMessage, kind: string): Promise<boolean> {
  const { author, channel, threadTs } = message;
  const content = warning(kind, await deletionOf(bot, message));
  const ways = [
    async () => await bot.outgoing.whisper({ channel, threadTs }, author, content),
    async () => await bot.outgoing.direct(author, content),
  ];
  for (const way of ways) {
    try {
      await way();
      return true;
    } catch (error) {
      bot.logger.warn("cannot tell a person that they pasted a secret", {
        kind,
        error: redact(toFailure(error).message),
      });
    }
  }
  return false;
}

/** Gives the value of the button that deletes the message; undefined when people must do it themselves. */
async function deletionOf(bot: Reader, message: PersonMessage): Promise<string | undefined> {
  if (bot.outgoing.deleteAsUser === undefined) return undefined;
  try {
    return await rememberPasted(bot.messages, message);
  } catch (error) {
    // Whoever is told late rotates late: without the button the words must do.
    bot.logger.warn("cannot offer to delete a message with a secret", { error: redact(toFailure(error).message) });
    return undefined;
  }
}

/** Says how a person deletes a message of theirs. */
export const DELETE_YOURSELF = "hover over it (or hold it, on a phone), then *More actions* → *Delete message*";

/** Draws what the author alone reads. */
function warning(kind: string, deletion: string | undefined): Content {
  const head = `:rotating_light: *Your message looks like it holds a ${kind}.* Everybody in this channel can read it, and Slack keeps it.`;
  const remove =
    deletion === undefined ? `Delete the message: ${DELETE_YOURSELF}.` : "Delete the message with the button below.";
  const steps = `*1.* Make it worthless: ${rotation(kind)}.\n*2.* ${remove} That alone is not enough: it was read, notified and perhaps exported.`;
  return {
    text: `Your message looks like it holds a ${kind}: make it worthless now, and delete the message.`,
    blocks: [
      section(head),
      section(steps),
      ...(deletion === undefined
        ? []
        : [buttons({ action: ACTIONS.deleteMessage, text: "Delete my message", value: deletion, style: "danger" })]),
      context(
        "only you see this; sealwatch stored nothing of your message and never asks for secrets",
        "a false alarm? then nothing is to be done",
      ),
    ],
  };
}
