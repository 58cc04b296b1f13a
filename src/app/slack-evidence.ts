import type { Evidence, Told } from "../access/evaluate.ts";
import { NOBODY } from "../access/person.ts";
import type { ListedPerson, Roster } from "../access/roster.ts";
import type { SlackAccountKind } from "../access/slack-directory.ts";
import type { FreshSlackDirectory } from "../identity/fresh-slack-directory.ts";

/** What Slack says of an account: its name, and that it may do nothing at all, or which user groups it is in. */
export type SlackEvidence = Pick<Evidence, "inSlackGroup" | "notes"> & {
  readonly name?: string;
  readonly barred?: string;
};

/** Accounts that no human of ours uses. */
const BARRED: Readonly<Partial<Record<SlackAccountKind, string>>> = {
  deactivated: "Slack says that this account is deactivated",
  bot: "Slack says that this account is a bot's",
  stranger: "Slack says that this account is of another company",
};

/** Asks Slack what kind of account a member id is, and which user groups of the roster it is in. */
export async function askSlack(
  roster: Roster,
  memberId: string,
  slack: FreshSlackDirectory | undefined,
): Promise<SlackEvidence> {
  // Lists alone need nothing of Slack: neither its scopes nor its answers.
  if (slack === undefined || userGroupsOf(roster).length === 0) return {};
  const [account, members] = await Promise.all([slack.account(memberId), readMembers(roster, slack)]);
  if (!account.told) return { inSlackGroup: () => account };
  const { kind, name } = account.value;
  const barred = BARRED[kind];
  if (barred !== undefined) return { name, barred };
  if (kind === "guest") return { name, notes: ["guests of Slack get nothing from its user groups"] };
  return { name, inSlackGroup: (userGroup) => isMember(members, userGroup, memberId) };
}

/** On another surface a listed human has what their Slack account gives; that it is barred takes nothing else from them. */
export async function askSlackOf(
  roster: Roster,
  listed: ListedPerson | undefined,
  slack: FreshSlackDirectory | undefined,
): Promise<SlackEvidence> {
  const memberId = listed?.slack;
  if (memberId === undefined || memberId === NOBODY || userGroupsOf(roster).length === 0) return {};
  const { barred, ...found } = await askSlack(roster, memberId, slack);
  return barred === undefined ? found : { notes: [barred] };
}

/** The members of user groups, as far as they were told. */
export type Members = ReadonlyMap<string, Told<ReadonlySet<string>>>;

function userGroupsOf({ groups }: Roster): readonly string[] {
  return [...new Set(groups.flatMap(({ slackUserGroup }) => slackUserGroup ?? []))];
}

/** Reads the members of all user groups of a roster. */
export async function readMembers(roster: Roster, slack: FreshSlackDirectory): Promise<Members> {
  return new Map(
    await Promise.all(
      userGroupsOf(roster).map(async (userGroup) => [userGroup, await slack.members(userGroup)] as const),
    ),
  );
}

/** Says whether an account is in a user group. */
export function isMember(members: Members, userGroup: string, memberId: string): Told<boolean> {
  const list = members.get(userGroup);
  if (list === undefined) return { told: false, why: "has not been read from Slack yet" };
  return list.told ? { told: true, value: list.value.has(memberId) } : list;
}
