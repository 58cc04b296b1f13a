import type { GroupEntry } from "../config/sections/access.ts";
import type { Gate } from "../engine/run.ts";
import type { SlackPerson } from "../slack/app.ts";
import type { People } from "./people.ts";

/**
 * Finds in Slack everybody who may approve a gate, as far as can be told now: by role, and by group where the gate asks for one. Where all those
 * groups are Slack's own user groups and nothing else, the groups themselves are called.
 */
export async function slackApprovers(
  people: Pick<People, "slackIds" | "personId">,
  { groups }: Pick<Gate, "groups">,
  configured: readonly GroupEntry[] = [],
): Promise<readonly SlackPerson[]> {
  const called = groups.map((name) => userGroupOf(configured.find((group) => group.name === name)));
  if (called.length > 0 && called.every((slackId) => slackId !== undefined))
    return called.map((slackId, index) => ({ slackId, personId: `group:${groups[index]}` }));
  const [approvers, ...ofGroups] = await Promise.all([
    people.slackIds({ role: "approver" }),
    ...groups.map(async (group) => await people.slackIds({ group })),
  ]);
  return approvers
    .filter((slackId) => groups.length === 0 || ofGroups.some((ids) => ids.includes(slackId)))
    .map((slackId) => ({ slackId, personId: people.personId(slackId) }));
}

/** The id of the user group that a group is; undefined when people come into it in another way too, or when only its handle is known. */
function userGroupOf(group: GroupEntry | undefined): string | undefined {
  const id = group?.slackUserGroup;
  if (id === undefined || !/^S[A-Z0-9]+$/u.test(id)) return undefined;
  return group?.people.length === 0 && group.claim === undefined ? id : undefined;
}
