import { textAt, type Part } from "../part.ts";
import type { StandInMessage } from "../workspace.ts";
import { wireMessage } from "./chat.ts";
import { ok, refuse, type Method, type MethodContext } from "./method.ts";

/** Lists the channel's own messages, newest first (`conversations.history`). */
export const history: Method = (context, args) => {
  const { workspace } = context;
  if (textAt(args, "channel") !== workspace.channel.id) return refuse("channel_not_found");
  const oldest = Number(textAt(args, "oldest") ?? 0);
  const roots = workspace.messages.filter((message) => message.threadTs === undefined || message.broadcast);
  return page(context, args, roots.filter((message) => Number(message.ts) > oldest).toReversed());
};

/** Lists a thread with its root, oldest first (`conversations.replies`). */
export const replies: Method = (context, args) => {
  const { workspace } = context;
  if (textAt(args, "channel") !== workspace.channel.id) return refuse("channel_not_found");
  const ts = textAt(args, "ts");
  const thread = workspace.messages.filter((message) => message.ts === ts || message.threadTs === ts);
  return thread.length === 0 ? refuse("thread_not_found") : page(context, args, thread);
};

/** Describes the channel (`conversations.info`). */
export const info: Method = ({ workspace }, args) => {
  if (textAt(args, "channel") !== workspace.channel.id) return refuse("channel_not_found");
  return ok({ channel: { ...workspace.channel, is_channel: true, is_member: true } });
};

function page(context: MethodContext, args: Part, messages: readonly StandInMessage[]): Part {
  const limit = Math.min(Number(textAt(args, "limit") ?? 100), 999);
  const start = Number(textAt(args, "cursor") ?? 0);
  const withMetadata = textAt(args, "include_all_metadata") === "true";
  const shown = messages
    .slice(start, start + limit)
    .map((message) => wireMessage(message, context.app.userId, withMetadata));
  const more = start + limit < messages.length;
  return ok({
    messages: shown,
    has_more: more,
    ...(more ? { response_metadata: { next_cursor: String(start + limit) } } : {}),
  });
}
