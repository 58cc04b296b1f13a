import { directMessages, membersOf } from "../channels.ts";
import type { Delivery } from "../delivery/delivery.ts";
import { addMessage, findRoot } from "../methods/chat-post.ts";
import type { Part } from "../part.ts";
import { scopeKind } from "../scopes.ts";
import { wireView } from "../views.ts";
import { wireMessage } from "../wire-message.ts";
import {
  removeMessage,
  replaceItem,
  type StandInChannel,
  type StandInMessage,
  type StandInUser,
} from "../workspace.ts";
import type { PeopleContext } from "./people-context.ts";

/** Where a message goes: the first channel, and no thread, when nothing else is given. A channel may be the app's user id: direct messages. */
export type SayOptions = { readonly threadTs?: string; readonly channel?: string };

/** Writes a message as a person. */
export async function say(
  context: PeopleContext,
  user: StandInUser,
  text: string,
  { threadTs, channel: id }: SayOptions = {},
): Promise<string> {
  const { workspace, app } = context;
  const channel = placeOf(context, user, id);
  const root = findRoot(workspace, channel, threadTs);
  if (threadTs !== undefined && root === undefined) throw new Error(`cannot reply: there is no thread ${threadTs}`);
  const message = addMessage(workspace, {
    channel: channel.id,
    userId: user.id,
    threadTs: root?.ts,
    text,
    blocks: [],
    metadata: undefined,
    broadcast: false,
  });
  await tell(context, channel, {
    ...wireMessage(workspace, message, app, false),
    client_msg_id: workspace.nextId("msg"),
    event_ts: message.ts,
  });
  return message.ts;
}

/** Edits a person's own message. */
export async function editMessage(context: PeopleContext, user: StandInUser, ts: string, text: string): Promise<void> {
  const { workspace } = context;
  const { message, channel } = own(context, user, ts);
  const next = { ...message, text, edits: message.edits + 1 };
  replaceItem(workspace.messages, message, next);
  workspace.changed();
  await tell(context, channel, changeOf(context, "message_changed", { message: next, previous_message: message }));
}

/** Deletes a person's own message. */
export async function deleteMessage(context: PeopleContext, user: StandInUser, ts: string): Promise<void> {
  const { message, channel } = own(context, user, ts);
  removeMessage(context.workspace, message, user.id);
  const change = changeOf(context, "message_deleted", { previous_message: message });
  await tell(context, channel, { ...change, deleted_ts: ts });
}

/** Opens the app's Home. */
export async function openHome(context: PeopleContext, user: StandInUser): Promise<Delivery> {
  const { workspace, app, events } = context;
  const home = workspace.homes.get(user.id);
  return await events.publish({
    type: "app_home_opened",
    user: user.id,
    channel: directMessages(workspace, user.id)?.id,
    tab: "home",
    event_ts: workspace.nextTs(),
    ...(home === undefined ? {} : { view: wireView(workspace, home, app) }),
  });
}

function placeOf({ workspace, app }: PeopleContext, user: StandInUser, id: string | undefined): StandInChannel {
  const wanted = id ?? workspace.channel.id;
  const channel =
    wanted === app.userId ? directMessages(workspace, user.id) : workspace.channels.find((held) => held.id === wanted);
  if (channel === undefined || !membersOf(workspace, channel).includes(user.id))
    throw new Error(`cannot write in ${wanted}: ${user.name} is not in such a channel`);
  return channel;
}

function own(
  { workspace }: PeopleContext,
  user: StandInUser,
  ts: string,
): { readonly message: StandInMessage; readonly channel: StandInChannel } {
  const message = workspace.messages.find((held) => held.ts === ts && held.userId === user.id);
  const channel = workspace.channels.find(({ id }) => id === message?.channel);
  if (message === undefined || channel === undefined)
    throw new Error(`cannot change message ${ts}: ${user.name} wrote no such message`);
  return { message, channel };
}

function changeOf(
  { workspace, app }: PeopleContext,
  subtype: string,
  messages: Readonly<Record<string, StandInMessage>>,
): Part {
  const ts = workspace.nextTs();
  const wired = Object.entries(messages).map(([key, held]) => [key, wireMessage(workspace, held, app, false)]);
  return { type: "message", subtype, hidden: true, ts, event_ts: ts, ...Object.fromEntries(wired) };
}

/** Tells the app of what was written, where it is in the channel and was granted to read there. */
async function tell({ events, scopes }: PeopleContext, channel: StandInChannel, event: Part): Promise<void> {
  const kind = scopeKind(channel);
  if (channel.member === false || !scopes.has(`${kind}:history`)) return;
  const type = { channels: "channel", groups: "group", im: "im" }[kind];
  await events.publish({ ...event, channel: channel.id, channel_type: type });
}
