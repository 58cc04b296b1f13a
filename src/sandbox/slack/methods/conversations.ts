import { directMessages, findChannel, membersOf } from "../channels.ts";
import { textAt, type Part } from "../part.ts";
import { wireMessage } from "../wire-message.ts";
import type { StandInChannel, StandInMessage, Workspace } from "../workspace.ts";
import { isRefused, ok, refuse, type Method, type MethodContext, type Refused } from "./method.ts";
import { pageOf } from "./page-of.ts";

/** Lists a channel's own messages, newest first (`conversations.history`). */
export const history: Method = (context, args) => {
  const channel = readable(context.workspace, args);
  if (isRefused(channel)) return channel;
  const oldest = Number(textAt(args, "oldest") ?? 0);
  const roots = context.workspace.messages.filter(
    (message) => message.channel === channel.id && (message.threadTs === undefined || message.broadcast),
  );
  return messagesOf(context, args, roots.filter((message) => Number(message.ts) > oldest).toReversed());
};

/** Lists a thread with its root, oldest first (`conversations.replies`). */
export const replies: Method = (context, args) => {
  const channel = readable(context.workspace, args);
  if (isRefused(channel)) return channel;
  const ts = textAt(args, "ts");
  const oldest = Number(textAt(args, "oldest") ?? 0);
  const thread = context.workspace.messages.filter(
    (message) => message.channel === channel.id && (message.ts === ts || message.threadTs === ts),
  );
  if (thread.length === 0) return refuse("thread_not_found");
  return messagesOf(
    context,
    args,
    thread.filter((message) => message.ts === ts || Number(message.ts) > oldest),
  );
};

/** Describes a channel (`conversations.info`). */
export const info: Method = ({ workspace }, args) => {
  const channel = findChannel(workspace, textAt(args, "channel"));
  return channel === undefined ? refuse("channel_not_found") : ok({ channel: wireChannel(channel) });
};

/** Lists the people of a channel (`conversations.members`), the app among them where it is in it. */
export const members: Method = ({ workspace, app }, args) => {
  const channel = findChannel(workspace, textAt(args, "channel"));
  if (channel === undefined) return refuse("channel_not_found");
  const own = channel.member === false ? [] : [app.userId];
  const { items, cursor } = pageOf([...own, ...membersOf(workspace, channel)], args);
  return ok({ members: items, ...cursor });
};

/** Opens the direct messages with one person (`conversations.open`). */
export const open: Method = ({ workspace }, args) => {
  const asked = (textAt(args, "users") ?? "").split(",");
  if (asked.length > 1) return refuse("method_not_supported_for_channel_type");
  const channel = directMessages(workspace, asked[0] ?? "");
  return channel === undefined ? refuse("user_not_found") : ok({ channel: { id: channel.id } });
};

/** Lists the channels that the app is in (`users.conversations`). */
export const ownConversations: Method = ({ workspace }, args) => {
  const types = (textAt(args, "types") ?? "public_channel").split(",");
  const { items, cursor } = pageOf(
    workspace.channels.filter((channel) => channel.member !== false && types.includes(typeOf(channel))),
    args,
  );
  return ok({ channels: items.map(wireChannel), ...cursor });
};

function typeOf(channel: StandInChannel): string {
  if (channel.im !== undefined) return "im";
  return channel.private === true ? "private_channel" : "public_channel";
}

function wireChannel(channel: StandInChannel): Part {
  if (channel.im !== undefined) return { id: channel.id, is_im: true, user: channel.im, is_archived: false };
  return {
    id: channel.id,
    name: channel.name,
    is_channel: channel.private !== true,
    is_private: channel.private === true,
    is_archived: channel.archived === true,
    is_member: channel.member !== false,
  };
}

function readable(workspace: Workspace, args: Part): StandInChannel | Refused {
  const channel = findChannel(workspace, textAt(args, "channel"));
  if (channel === undefined) return refuse("channel_not_found");
  return channel.member === false ? refuse("not_in_channel") : channel;
}

function messagesOf({ workspace, app }: MethodContext, args: Part, messages: readonly StandInMessage[]): Part {
  const withMetadata = textAt(args, "include_all_metadata") === "true";
  const { items, cursor, more } = pageOf(messages, args);
  return ok({
    messages: items.map((message) => wireMessage(workspace, message, app, withMetadata)),
    has_more: more,
    ...cursor,
  });
}
