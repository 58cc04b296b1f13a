import type { StandInChannel, Workspace } from "./workspace.ts";

/** Finds a channel that the app can see: its own and public ones, not the private ones that it is not in. */
export function findChannel({ channels }: Workspace, id: string | undefined): StandInChannel | undefined {
  const found = channels.find((channel) => channel.id === id);
  return found?.private === true && found.member === false ? undefined : found;
}

/** Gives the direct messages between the app and a person, opened when there are none; undefined for somebody unknown. */
export function directMessages(workspace: Workspace, userId: string): StandInChannel | undefined {
  const found = workspace.channels.find(({ im }) => im === userId);
  if (found !== undefined) return found;
  const user = workspace.users.find(({ id }) => id === userId);
  if (user === undefined) return undefined;
  const opened = { id: `D${userId.slice(1)}`, name: user.name, im: userId };
  workspace.channels.push(opened);
  workspace.changed();
  return opened;
}

/** Lists the people of a channel. */
export function membersOf({ users }: Workspace, channel: StandInChannel): readonly string[] {
  if (channel.im !== undefined) return [channel.im];
  return channel.members ?? users.map(({ id }) => id);
}
