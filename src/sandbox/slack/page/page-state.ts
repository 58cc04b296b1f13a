import { membersOf } from "../channels.ts";
import type { Part } from "../part.ts";
import type { PeopleContext } from "../people/people-context.ts";

/** Gives what one person sees: their channels, the messages there, and what is before them alone. */
export function pageState({ workspace, app, courier }: PeopleContext, userId: string): Part {
  const channels = workspace.channels.filter((channel) =>
    channel.im === undefined ? membersOf(workspace, channel).includes(userId) : channel.im === userId,
  );
  const seen = new Set(channels.map(({ id }) => id));
  return {
    team: app.teamName,
    appUserId: app.userId,
    channel: workspace.channel,
    channels,
    users: workspace.users,
    groups: workspace.userGroups.map(({ id, handle }) => ({ id, handle })),
    connected: courier.reaches(),
    messages: workspace.messages.filter(({ channel }) => seen.has(channel)),
    ephemerals: workspace.ephemerals.filter((ephemeral) => ephemeral.userId === userId),
    views: workspace.views.filter((view) => view.userId === userId),
    home: workspace.homes.get(userId) ?? null,
    chosen: Object.fromEntries(workspace.chosen),
    files: workspace.files.map(({ id, name, title, bytes, altText }) => ({
      id,
      name,
      title,
      altText,
      size: bytes.length,
      preview: /\.(?:png|jpe?g|gif)$/iu.test(name) ? undefined : preview(bytes),
    })),
  };
}

const PREVIEW_BYTES = 600;

function preview(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(0, PREVIEW_BYTES)).toString("utf8");
}
