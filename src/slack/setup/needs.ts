import { NOBODY } from "../../access/person.ts";
import type { Config } from "../../config/schema.ts";

/** The kinds of channels that cards appear in. */
export type ChannelKinds = "public" | "private" | "both";

/** What a configuration wants of a Slack app. */
export type SlackNeeds = {
  readonly mode: "socket" | "http";
  /** Some group of `access.groups` is a Slack user group. */
  readonly userGroups: boolean;
  /** Which kinds of channels cards appear in; nothing in a channel's id tells. */
  readonly channels: ChannelKinds;
  /** People's messages can be deleted by a button (`slack.deletionToken`). */
  readonly deletion: boolean;
};

/** Tells what a configuration wants of a Slack app, for channels of some kinds. */
export function needsOf(
  { slack, access }: Pick<Config, "slack" | "access">,
  channels: ChannelKinds = "public",
): SlackNeeds {
  return {
    mode: slack?.mode ?? "socket",
    userGroups: access.groups.some(({ slackUserGroup }) => slackUserGroup !== undefined),
    channels,
    deletion: slack?.deletionToken !== undefined,
  };
}

/** A channel that a configuration names, and for what. */
export type NamedChannel = { readonly id: string; readonly uses: readonly string[] };

/** Lists the channels of a configuration, each once. */
export function channelsOf({ channel, channels, escalateTo }: NonNullable<Config["slack"]>): readonly NamedChannel[] {
  const named = [
    { id: channel, use: "slack.channel" },
    ...Object.entries(channels).map(([cluster, id]) => ({ id, use: `slack.channels.${cluster}` })),
    ...(escalateTo !== undefined && /^[CG]/u.test(escalateTo) ? [{ id: escalateTo, use: "slack.escalateTo" }] : []),
  ];
  return [...Map.groupBy(named, ({ id }) => id)].map(([id, of]) => ({ id, uses: of.map(({ use }) => use) }));
}

/** Lists the member ids of a configuration, with the name of whom they stand for. */
export function membersOf({ slack, access }: Pick<Config, "slack" | "access">): readonly (readonly [string, string])[] {
  const people = access.people.flatMap(({ name, slack: id }): [string, string][] =>
    id === undefined || id === NOBODY ? [] : [[id, name]],
  );
  const to = slack?.escalateTo;
  return to !== undefined && /^[UW]/u.test(to) && !people.some(([id]) => id === to)
    ? [...people, [to, "slack.escalateTo"]]
    : people;
}

/** Lists the user groups of a configuration, by id or handle, with the name of what they stand for. */
export function userGroupsOf({
  slack,
  access,
}: Pick<Config, "slack" | "access">): readonly (readonly [string, string])[] {
  const groups = access.groups.flatMap(({ name, slackUserGroup }): [string, string][] =>
    slackUserGroup === undefined ? [] : [[slackUserGroup, name]],
  );
  const to = slack?.escalateTo;
  // Mentioning a group needs no scope, so this one is only looked at where others are.
  return to?.startsWith("S") === true && groups.length > 0 ? [...groups, [to, "slack.escalateTo"]] : groups;
}
