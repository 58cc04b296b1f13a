import { findChannel } from "./channels.ts";
import { textAt, type Part } from "./part.ts";
import type { Workspace } from "./workspace.ts";

/** The scope that each method needs; those that are not here need none. "channels:" stands for the kind of the channel that is asked about. */
const METHOD_SCOPES: Readonly<Record<string, string>> = {
  "chat.delete": "chat:write",
  "chat.postEphemeral": "chat:write",
  "chat.postMessage": "chat:write",
  "chat.update": "chat:write",
  "conversations.history": "channels:history",
  "conversations.info": "channels:read",
  "conversations.members": "channels:read",
  "conversations.open": "im:write",
  "conversations.replies": "channels:history",
  "files.completeUploadExternal": "files:write",
  "files.getUploadURLExternal": "files:write",
  "files.info": "files:read",
  "usergroups.list": "usergroups:read",
  "usergroups.users.list": "usergroups:read",
  "users.conversations": "channels:read",
  "users.info": "users:read",
};

/** What a bot is granted when nothing else is said: all that some method here needs, and `commands`. */
export const ALL_SCOPES: readonly string[] = [
  "commands",
  "groups:history",
  "groups:read",
  "im:history",
  "im:read",
  ...new Set(Object.values(METHOD_SCOPES)),
];

/** Gives the scope that a call needs, or undefined when it needs none. */
export function scopeFor(workspace: Workspace, method: string, args: Part): string | undefined {
  const scope = METHOD_SCOPES[method];
  if (scope?.startsWith("channels:") !== true) return scope;
  const channel = findChannel(workspace, textAt(args, "channel"));
  return scope.replace("channels:", `${scopeKind(channel)}:`);
}

/** Gives the word by which scopes name a kind of channel. */
export function scopeKind(channel: { readonly im?: string; readonly private?: boolean } | undefined): string {
  if (channel?.im !== undefined) return "im";
  return channel?.private === true ? "groups" : "channels";
}
