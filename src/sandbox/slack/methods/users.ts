import { textAt, type Part } from "../part.ts";
import type { StandInUser } from "../workspace.ts";
import { ok, refuse, type Method } from "./method.ts";

/** Describes a person (`users.info`). */
export const userInfo: Method = ({ workspace, app }, args) => {
  const user = workspace.users.find((held) => held.id === textAt(args, "user"));
  if (user === undefined) return refuse("user_not_found");
  return ok({ user: wireAccount(user, app.teamId) });
};

/** Slack leaves out what a deactivated account no longer has. */
function wireAccount(user: StandInUser, ownTeam: string): Part {
  const base = {
    id: user.id,
    team_id: user.teamId ?? ownTeam,
    name: user.name,
    real_name: user.name,
    deleted: user.account === "deactivated",
    is_bot: user.account === "bot",
    ...(user.enterpriseId === undefined ? {} : { enterprise_user: { enterprise_id: user.enterpriseId } }),
  };
  if (user.account === "deactivated") return base;
  return {
    ...base,
    is_restricted: user.account === "guest",
    is_ultra_restricted: false,
    // Slack says so only of people with whom no channel is shared.
    ...(user.account === "stranger" ? { is_stranger: true } : {}),
  };
}
