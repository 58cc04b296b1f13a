import { textAt } from "../part.ts";
import type { StandInUserGroup, Workspace } from "../workspace.ts";
import { ok, refuse, type Method } from "./method.ts";

/** Lists the user groups (`usergroups.list`); a free plan has none. */
export const listUserGroups: Method = ({ workspace, app }, args) => {
  if (workspace.plan === "free") return refuse("plan_upgrade_required");
  const withDisabled = textAt(args, "include_disabled") === "true";
  const shown = workspace.userGroups.filter((group) => withDisabled || group.disabled !== true);
  return ok({
    usergroups: shown.map((group) => ({
      id: group.id,
      team_id: app.teamId,
      is_usergroup: true,
      is_subteam: true,
      name: group.handle,
      handle: group.handle,
      is_external: group.external === true,
      date_delete: group.disabled === true ? Math.floor(workspace.clock.now() / 1000) : 0,
      user_count: group.users.length,
    })),
  });
};

/** Lists the members of a user group (`usergroups.users.list`), whatever became of their accounts. */
export const listUsersOfGroup: Method = ({ workspace }, args) => {
  if (workspace.plan === "free") return refuse("plan_upgrade_required");
  const found = findGroup(workspace, textAt(args, "usergroup"));
  if (found === undefined) return refuse("no_such_subteam");
  if (found.disabled === true && textAt(args, "include_disabled") !== "true") return refuse("no_such_subteam");
  return ok({ users: [...found.users] });
};

function findGroup({ userGroups }: Workspace, id: string | undefined): StandInUserGroup | undefined {
  return userGroups.find((group) => group.id === id);
}
