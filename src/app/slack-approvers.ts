import type { Gate } from "../engine/run.ts";
import type { SlackPerson } from "../slack/app.ts";
import type { People } from "./people.ts";

/** Finds in Slack everybody who may approve a gate, as far as can be told now: by role, and by group where the gate asks for one. */
export async function slackApprovers(
  people: Pick<People, "slackIds" | "personId">,
  { groups }: Pick<Gate, "groups">,
): Promise<readonly SlackPerson[]> {
  const [approvers, ...ofGroups] = await Promise.all([
    people.slackIds({ role: "approver" }),
    ...groups.map(async (group) => await people.slackIds({ group })),
  ]);
  return approvers
    .filter((slackId) => groups.length === 0 || ofGroups.some((ids) => ids.includes(slackId)))
    .map((slackId) => ({ slackId, personId: people.personId(slackId) }));
}
