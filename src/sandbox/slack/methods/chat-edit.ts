import { findChannel } from "../channels.ts";
import { checkMessage } from "../check-payload.ts";
import { isPart, listAt, textAt, type Part } from "../part.ts";
import { wireMessage } from "../wire-message.ts";
import { removeMessage, replaceItem, type StandInMessage, type Workspace } from "../workspace.ts";
import { isRefused, ok, refuse, refuseWith, type Method, type Refused } from "./method.ts";

/** Edits a message of the app's own (`chat.update`); blocks go away when only text is sent, metadata stays when none is. */
export const updateMessage: Method = ({ workspace, app }, args) => {
  const message = find(workspace, args);
  if (isRefused(message)) return message;
  if (message.userId !== undefined) return refuse("cant_update_message");
  const refused = checkMessage(args, "update", workspace) ?? mismatch(message, args);
  if (refused !== undefined) return refuseWith(refused);
  const next: StandInMessage = {
    ...message,
    text: textAt(args, "text") ?? "",
    blocks: listAt(args, "blocks"),
    metadata: isPart(args["metadata"]) ? args["metadata"] : message.metadata,
    edits: message.edits + 1,
  };
  replaceItem(workspace.messages, message, next);
  workspace.changed();
  return ok({ channel: next.channel, ts: next.ts, text: next.text, message: wireMessage(workspace, next, app, false) });
};

/** Rich text alone cannot become blocks of other kinds. */
function mismatch(message: StandInMessage, args: Part): { error: string; details: readonly string[] } | undefined {
  const next = listAt(args, "blocks");
  const isRich = (blocks: readonly Part[]): boolean =>
    blocks.length > 0 && blocks.every((block) => block["type"] === "rich_text");
  return isRich(message.blocks) && next.length > 0 && !isRich(next)
    ? { error: "block_mismatch", details: [] }
    : undefined;
}

/** Deletes a message (`chat.delete`): the bot's token its own only, the token of a person with the right to do so any. */
export const deleteMessage: Method = ({ workspace }, args, token) => {
  const message = find(workspace, args);
  if (isRefused(message)) return message;
  if (token === "bot" && message.userId !== undefined) return refuse("cant_delete_message");
  removeMessage(workspace, message, token === "bot" ? "app" : "user token");
  return ok({ channel: message.channel, ts: message.ts });
};

/** Gives a message's address (`chat.getPermalink`). */
export const getPermalink: Method = ({ workspace, base }, args) => {
  const message = find(workspace, args, "message_ts");
  if (isRefused(message)) return message;
  const thread = message.threadTs === undefined ? "" : `?thread_ts=${message.threadTs}&cid=${message.channel}`;
  return ok({
    channel: message.channel,
    permalink: `${base()}/client/archives/${message.channel}/p${message.ts.replace(".", "")}${thread}`,
  });
};

function find(workspace: Workspace, args: Part, key = "ts"): StandInMessage | Refused {
  const channel = findChannel(workspace, textAt(args, "channel"));
  if (channel === undefined) return refuse("channel_not_found");
  const ts = textAt(args, key);
  const found = workspace.messages.find((message) => message.ts === ts && message.channel === channel.id);
  return found ?? refuse("message_not_found");
}
