import type { SlackNeeds } from "./needs.ts";

/** The kinds of tokens of a Slack app: `xoxb-`, `xapp-` and `xoxp-`. */
export type SlackTokenKind = "bot" | "app" | "user";

/** A permission of the app: what it is for, and what does not work without it. */
export type ScopeNeed = {
  readonly scope: string;
  readonly token: SlackTokenKind;
  readonly why: string;
  readonly without: string;
  /** Whether sealwatch can do its work without it. */
  readonly spare: boolean;
  /** When it is needed, in words for the manual. */
  readonly when: string;
  readonly isNeeded: (needs: SlackNeeds) => boolean;
};

/** Every scope that sealwatch may need; docs/slack.md has the same table, and a test compares them. */
export const SCOPES: readonly ScopeNeed[] = [
  {
    scope: "commands",
    token: "bot",
    why: "`/vault`",
    without: "nobody can type `/vault`",
    spare: false,
    when: "always",
    isNeeded: () => true,
  },
  {
    scope: "chat:write",
    token: "bot",
    why: "cards, threads, gates, answers to one person, direct messages",
    without: "nothing can be posted",
    spare: false,
    when: "always",
    isNeeded: () => true,
  },
  {
    scope: "files:write",
    token: "bot",
    why: "charts on cards, and long output as a file in the thread",
    without: "there is text only, and long output is cut",
    spare: true,
    when: "always",
    isNeeded: () => true,
  },
  {
    scope: "channels:history",
    token: "bot",
    why: "finding its own message again after a post whose outcome was unclear, and hearing when somebody pastes a secret",
    without: "such a message may appear twice, and pasted secrets are not noticed",
    spare: true,
    when: "public channels",
    isNeeded: ({ channels }) => channels !== "private",
  },
  {
    scope: "groups:history",
    token: "bot",
    why: "the same in private channels",
    without: "such a message may appear twice, and pasted secrets are not noticed",
    spare: true,
    when: "private channels",
    isNeeded: ({ channels }) => channels !== "public",
  },
  {
    scope: "usergroups:read",
    token: "bot",
    why: "who is in the user groups that `access.groups` names",
    without: "nobody holds a role by a user group",
    spare: false,
    when: "`access.groups` with `slackUserGroup`",
    isNeeded: ({ userGroups }) => userGroups,
  },
  {
    scope: "users:read",
    token: "bot",
    why: "whether an account is deactivated, a bot's, a guest's or another company's",
    without: "nobody holds a role by a user group",
    spare: false,
    when: "`access.groups` with `slackUserGroup`",
    isNeeded: ({ userGroups }) => userGroups,
  },
  {
    scope: "connections:write",
    token: "app",
    why: "Socket Mode",
    without: "no connection can be opened",
    spare: false,
    when: "`slack.mode: socket`",
    isNeeded: ({ mode }) => mode === "socket",
  },
  {
    scope: "chat:write",
    token: "user",
    why: "deleting a message with a secret for its author",
    without: "people must delete it themselves",
    spare: true,
    when: "`slack.deletionToken`",
    isNeeded: ({ deletion }) => deletion,
  },
];

/** An event that sealwatch listens to. */
export type EventNeed = {
  readonly event: string;
  readonly why: string;
  readonly isNeeded: (needs: SlackNeeds) => boolean;
};

/** Every event that sealwatch may subscribe to (src/slack/listen/hear-event.ts). */
export const EVENTS: readonly EventNeed[] = [
  { event: "app_home_opened", why: "drawing a person's Home when they look at it", isNeeded: () => true },
  { event: "app_uninstalled", why: "saying so in the log", isNeeded: () => true },
  { event: "tokens_revoked", why: "saying so in the log", isNeeded: () => true },
  {
    event: "message.channels",
    why: "noticing a pasted secret in a public channel that cards appear in",
    isNeeded: ({ channels }) => channels !== "private",
  },
  {
    event: "message.groups",
    why: "noticing a pasted secret in a private channel that cards appear in",
    isNeeded: ({ channels }) => channels !== "public",
  },
  {
    event: "subteam_members_changed",
    why: "knowing at once who is in a user group, instead of within a minute",
    isNeeded: ({ userGroups }) => userGroups,
  },
  { event: "subteam_updated", why: "the same", isNeeded: ({ userGroups }) => userGroups },
];

/** Lists the scopes of a kind of token that a configuration needs. */
export function scopesFor(needs: SlackNeeds, token: SlackTokenKind): readonly string[] {
  return SCOPES.filter((each) => each.token === token && each.isNeeded(needs)).map(({ scope }) => scope);
}
