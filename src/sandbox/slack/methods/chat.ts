import { isPart, listAt, type Part, textAt } from "../part.ts";
import { checkMessage } from "../check-payload.ts";
import { LIMITS } from "../limits.ts";
import { replaceItem, type StandInMessage } from "../workspace.ts";
import { ok, refuse, refuseWith, type Method } from "./method.ts";

/** Posts a message (`chat.postMessage`). */
export const postMessage: Method = ({ workspace, app }, args) => {
  if (textAt(args, "channel") !== workspace.channel.id) return refuse("channel_not_found");
  const refused = checkMessage(args, "post");
  if (refused !== undefined) return refuseWith(refused);
  const threadTs = textAt(args, "thread_ts");
  const root = workspace.messages.find((message) => message.ts === threadTs);
  if (threadTs !== undefined && root === undefined) return refuse("cannot_reply_to_message");
  const message: StandInMessage = {
    channel: workspace.channel.id,
    ts: workspace.nextTs(),
    // A reply to a reply goes into the root's thread.
    threadTs: root === undefined ? undefined : (root.threadTs ?? root.ts),
    text: (textAt(args, "text") ?? "").slice(0, LIMITS.message.text),
    blocks: listAt(args, "blocks"),
    metadata: isPart(args["metadata"]) ? args["metadata"] : undefined,
    edits: 0,
    broadcast: String(args["reply_broadcast"]) === "true",
  };
  workspace.messages.push(message);
  workspace.changed();
  return ok({
    channel: message.channel,
    ts: message.ts,
    message: wireMessage(message, app.userId, false),
    ...warning(args),
  });
};

function warning(args: Part): Part {
  return (textAt(args, "text") ?? "").length > LIMITS.message.text ? { warning: "message_truncated" } : {};
}

/** Edits a message of the app's own (`chat.update`); blocks go away when only text is sent. */
export const updateMessage: Method = ({ workspace, app }, args) => {
  if (textAt(args, "channel") !== workspace.channel.id) return refuse("channel_not_found");
  const message = workspace.messages.find((held) => held.ts === textAt(args, "ts"));
  if (message === undefined) return refuse("message_not_found");
  const refused = checkMessage(args, "update");
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
  return ok({ channel: next.channel, ts: next.ts, text: next.text, message: wireMessage(next, app.userId, false) });
};

/** Shows a message to one person (`chat.postEphemeral`). */
export const postEphemeral: Method = ({ workspace }, args) => {
  if (textAt(args, "channel") !== workspace.channel.id) return refuse("channel_not_found");
  const userId = textAt(args, "user");
  if (userId === undefined || !workspace.users.some((user) => user.id === userId)) return refuse("user_not_in_channel");
  const refused = checkMessage(args, "post");
  if (refused !== undefined) return refuseWith(refused);
  const ts = workspace.nextTs();
  workspace.ephemerals.push({
    userId,
    ts,
    channel: workspace.channel.id,
    threadTs: textAt(args, "thread_ts"),
    text: textAt(args, "text") ?? "",
    blocks: listAt(args, "blocks"),
  });
  workspace.changed();
  return ok({ message_ts: ts });
};

/** Gives a message's address (`chat.getPermalink`). */
export const getPermalink: Method = ({ workspace, base }, args) => {
  const message = workspace.messages.find((held) => held.ts === textAt(args, "message_ts"));
  if (message === undefined) return refuse("message_not_found");
  const thread = message.threadTs === undefined ? "" : `?thread_ts=${message.threadTs}&cid=${message.channel}`;
  return ok({
    channel: message.channel,
    permalink: `${base()}/archives/${message.channel}/p${message.ts.replace(".", "")}${thread}`,
  });
};

/** Writes a message as Slack's reads give it. */
export function wireMessage(message: StandInMessage, userId: string, withMetadata: boolean): Part {
  return {
    type: "message",
    user: userId,
    ts: message.ts,
    ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }),
    text: message.text,
    blocks: message.blocks,
    ...(withMetadata && message.metadata !== undefined ? { metadata: message.metadata } : {}),
  };
}
