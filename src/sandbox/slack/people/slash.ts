import { findChannel } from "../channels.ts";
import type { Delivery } from "../delivery/delivery.ts";
import { holdsMessage } from "../delivery/http-mode.ts";
import { listAt, textAt, type Part } from "../part.ts";
import type { StandInChannel, StandInUser } from "../workspace.ts";
import type { PeopleContext } from "./people-context.ts";

/** Where a command is typed; default: the first channel. */
export type SlashOptions = { readonly channel?: string };

type Typed = SlashOptions & { readonly command: string; readonly text: string };

/** Types a slash command. */
export async function slash(context: PeopleContext, user: StandInUser, typed: Typed): Promise<Delivery> {
  const { workspace, app, triggers, responseUrls, courier } = context;
  const channel = findChannel(workspace, typed.channel ?? workspace.channel.id);
  if (channel === undefined) throw new Error(`cannot type a command in ${typed.channel}: there is no such channel`);
  const place = { userId: user.id, channel: channel.id, messageTs: undefined, threadTs: undefined };
  const delivery = await courier.deliver("slash_commands", {
    token: "stand-in-verification-token",
    team_id: user.teamId ?? app.teamId,
    team_domain: "stand-in",
    ...(app.enterpriseId === undefined ? {} : { enterprise_id: user.enterpriseId ?? app.enterpriseId }),
    channel_id: channel.id,
    channel_name: channel.im === undefined ? channel.name : "directmessage",
    user_id: user.id,
    user_name: user.name,
    command: typed.command,
    text: typed.text,
    api_app_id: app.appId,
    is_enterprise_install: "false",
    response_url: responseUrls.issue(place),
    trigger_id: triggers.issue({ userId: user.id }),
  });
  if (delivery.outcome === "acked" && holdsMessage(delivery.payload)) showAck(context, user, channel, delivery.payload);
  return delivery;
}

/** A command's ack may carry a message of its own, for the person alone unless it says otherwise. */
function showAck({ workspace }: PeopleContext, user: StandInUser, channel: StandInChannel, payload: Part): void {
  const content = { text: textAt(payload, "text") ?? "", blocks: listAt(payload, "blocks") };
  const place = { ts: workspace.nextTs(), channel: channel.id, threadTs: undefined };
  if (payload["response_type"] === "in_channel")
    workspace.messages.push({ ...place, ...content, metadata: undefined, edits: 0, broadcast: false });
  else workspace.ephemerals.push({ ...place, ...content, userId: user.id });
  workspace.changed();
}
