import { covers } from "../../access/person.ts";
import type { ButtonHandler } from "../buttons/button.ts";
import { sortSlackError } from "../slack-error.ts";
import { findPasted } from "./pasted.ts";
import { DELETE_YOURSELF } from "./read-message.ts";

/** Slack's words for "this message is gone". */
const GONE = "message_not_found";

/** Deletes a message with a secret (`chat.delete`, with the admin's token) for its author or for an admin. */
export const deleteMessage: ButtonHandler = async (bot, { identify, slackId, value }) => {
  const { deleteAsUser } = bot.outgoing;
  const pasted = await findPasted(bot.messages, value);
  if (pasted === undefined) {
    bot.observer.refused("unknown_action");
    return `This button means nothing any more. Delete the message yourself: ${DELETE_YOURSELF}.`;
  }
  if (pasted.author !== slackId && !covers((await identify()).role, "admin")) {
    bot.observer.refused("role");
    return "Only the author of the message, or someone with the role admin, may have it deleted.";
  }
  if (deleteAsUser === undefined)
    return `sealwatch has no token to delete messages with any more. Delete it yourself: ${DELETE_YOURSELF}.`;
  try {
    await deleteAsUser(pasted.channel, pasted.ts);
  } catch (error) {
    const failure = sortSlackError(error);
    if (failure.kind === "refused" && failure.error === GONE)
      return "The message is gone already. Rotate all the same.";
    bot.logger.warn("cannot delete a message with a secret", { kind: failure.kind });
    const why = failure.kind === "refused" ? `Slack refuses it (\`${failure.error}\`)` : "Slack gave no clear answer";
    return `The message could not be deleted: ${why}. Delete it yourself: ${DELETE_YOURSELF}.`;
  }
  return "The message is deleted. It was read and perhaps exported: rotate all the same.";
};
