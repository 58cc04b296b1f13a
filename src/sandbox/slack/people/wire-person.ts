import type { Part } from "../part.ts";
import type { StandInUser } from "../workspace.ts";
import type { PeopleContext } from "./people-context.ts";

/** Writes what every interaction says of who acts, where, and to which app. */
export function wireActor({ app }: PeopleContext, user: StandInUser): Part {
  return {
    user: { id: user.id, username: user.name, name: user.name, team_id: user.teamId ?? app.teamId },
    team: { id: app.teamId, domain: "stand-in", ...enterpriseOf(app.enterpriseId) },
    enterprise: app.enterpriseId === undefined ? null : { id: app.enterpriseId, name: "Stand-in organisation" },
    api_app_id: app.appId,
    token: "stand-in-verification-token",
    is_enterprise_install: false,
  };
}

function enterpriseOf(id: string | undefined): Part {
  return id === undefined ? {} : { enterprise_id: id, enterprise_name: "Stand-in organisation" };
}
