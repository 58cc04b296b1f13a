import { directMessages, findChannel, membersOf } from "../channels.ts";
import { checkMessage } from "../check-payload.ts";
import { LIMITS } from "../limits.ts";
import { isPart, listAt, textAt, type Part } from "../part.ts";
import { wireMessage } from "../wire-message.ts";
import type { StandInChannel, StandInMessage, Workspace } from "../workspace.ts";
import { isRefused, ok, refuse, refuseWith, type Method, type MethodContext, type Refused } from "./method.ts";

/** Posts a message (`chat.postMessage`), to a channel or to a person. */
export const postMessage: Method = (context, args) => {
  const { workspace, app } = context;
  const channel = destination(context, textAt(args, "channel"));
  if (isRefused(channel)) return channel;
  const refused = checkMessage(args, "post", workspace);
  if (refused !== undefined) return refuseWith(refused);
  const threadTs = textAt(args, "thread_ts");
  const root = findRoot(workspace, channel, threadTs);
  if (threadTs !== undefined && root === undefined) return refuse("cannot_reply_to_message");
  const message = addMessage(workspace, {
    channel: channel.id,
    threadTs: root?.ts,
    text: (textAt(args, "text") ?? "").slice(0, LIMITS.message.text),
    blocks: listAt(args, "blocks"),
    metadata: isPart(args["metadata"]) ? args["metadata"] : undefined,
    broadcast: String(args["reply_broadcast"]) === "true",
  });
  return ok({
    channel: message.channel,
    ts: message.ts,
    message: wireMessage(workspace, message, app, false),
    ...warning(args),
  });
};

/** Adds a message under a ts of its own. */
export function addMessage(workspace: Workspace, content: Omit<StandInMessage, "ts" | "edits">): StandInMessage {
  const message: StandInMessage = { ...content, ts: workspace.nextTs(), edits: 0 };
  workspace.messages.push(message);
  workspace.changed();
  return message;
}

/** Finds the root of the thread that a ts belongs to: a reply to a reply goes into the root's thread. */
export function findRoot(
  { messages }: Workspace,
  channel: StandInChannel,
  threadTs: string | undefined,
): StandInMessage | undefined {
  const found = messages.find(({ ts, channel: id }) => ts === threadTs && id === channel.id);
  return found?.threadTs === undefined ? found : messages.find(({ ts }) => ts === found.threadTs);
}

/** Finds where a message may be posted, or says why it may not. */
export function destination({ workspace, scopes }: MethodContext, id: string | undefined): StandInChannel | Refused {
  const person = workspace.users.find((user) => user.id === id);
  if (person?.account === "deactivated") return refuse("channel_not_found");
  const channel = person === undefined ? findChannel(workspace, id) : directMessages(workspace, person.id);
  if (channel === undefined) return refuse("channel_not_found");
  if (channel.archived === true) return refuse("is_archived");
  if (channel.member === false && !scopes.has("chat:write.public")) return refuse("not_in_channel");
  return channel;
}

function warning(args: Part): Part {
  return (textAt(args, "text") ?? "").length > LIMITS.message.text ? { warning: "message_truncated" } : {};
}

/** Shows a message to one person (`chat.postEphemeral`). */
export const postEphemeral: Method = (context, args) => {
  const { workspace } = context;
  const channel = findChannel(workspace, textAt(args, "channel"));
  if (channel === undefined) return refuse("channel_not_found");
  if (channel.archived === true) return refuse("is_archived");
  if (channel.member === false) return refuse("not_in_channel");
  const userId = textAt(args, "user");
  if (userId === undefined || !membersOf(workspace, channel).includes(userId)) return refuse("user_not_in_channel");
  const refused = checkMessage(args, "post", workspace);
  if (refused !== undefined) return refuseWith(refused);
  const ts = workspace.nextTs();
  workspace.ephemerals.push({
    userId,
    ts,
    channel: channel.id,
    threadTs: textAt(args, "thread_ts"),
    text: textAt(args, "text") ?? "",
    blocks: listAt(args, "blocks"),
  });
  workspace.changed();
  return ok({ message_ts: ts });
};
