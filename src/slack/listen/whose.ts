import { z } from "zod";
import type { Identity } from "../outgoing.ts";

/** Whose people did something: of our workspace or organisation, of another, or nobody can tell. */
export type Whose = "ours" | "foreign" | "unknown";

const Id = z.string().nullish();

/** Where an interaction or event comes from, in the several forms that Slack has for it. */
const Origin = z.object({
  team_id: Id,
  enterprise_id: Id,
  team: z.object({ id: Id, enterprise_id: Id }).nullish(),
  enterprise: z.object({ id: Id }).nullish(),
  user: z.object({ team_id: Id }).nullish().catch(undefined),
});

/**
 * Says whose people did something. Every workspace that is named must be ours; others of our organisation (Enterprise Grid) count as ours
 * where Slack names the organisation.
 */
export function whose(body: unknown, self: Identity | undefined): Whose {
  const read = Origin.safeParse(body);
  if (self === undefined || !read.success) return "unknown";
  const { team_id: teamId, enterprise_id: enterpriseId, team, enterprise, user } = read.data;
  const organisation = enterpriseId ?? enterprise?.id ?? team?.enterprise_id ?? undefined;
  if (organisation !== undefined && organisation === self.enterpriseId) return "ours";
  const teams = [teamId, team?.id, user?.team_id].filter((id) => typeof id === "string");
  return teams.length > 0 && teams.every((id) => id === self.teamId) ? "ours" : "foreign";
}

/** What people of another workspace read. */
export const FOREIGN =
  "This comes from another workspace, perhaps through a shared channel: sealwatch takes nothing from there. Ask someone of the workspace in which it is installed.";

/** What people read before we know which workspace is ours. */
export const NOT_KNOWN_YET =
  "sealwatch cannot tell yet which workspace is its own, because Slack has not answered; nothing was done. Try again in a moment.";
