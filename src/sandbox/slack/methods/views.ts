import { isPart, type Part, textAt } from "../part.ts";
import { checkView } from "../check-payload.ts";
import { LIMITS } from "../limits.ts";
import { replaceItem, type StandInView, type Workspace } from "../workspace.ts";
import { ok, refuse, refuseWith, type Method } from "./method.ts";

/** Opens a modal for whoever the trigger belongs to (`views.open`). */
export const openView: Method = ({ workspace, triggers, app }, args) => {
  const refused = checkView(args["view"]);
  if (refused !== undefined) return refuseWith(refused);
  const redeemed = triggers.redeem(textAt(args, "trigger_id") ?? "");
  if ("error" in redeemed) return refuse(redeemed.error);
  if (workspace.views.filter((view) => view.userId === redeemed.userId).length >= LIMITS.modalStack)
    return refuse("push_limit_reached");
  const view: StandInView = {
    id: workspace.nextId("V"),
    userId: redeemed.userId,
    hash: workspace.nextId("h"),
    view: args["view"] as Part,
    errors: {},
  };
  workspace.views.push(view);
  workspace.changed();
  return ok({ view: wireView(view, app.teamId) });
};

/** Replaces an open modal (`views.update`); a stale `hash` is a conflict. */
export const updateView: Method = ({ workspace, app }, args) => {
  const refused = checkView(args["view"]);
  if (refused !== undefined) return refuseWith(refused);
  const held = workspace.views.find((view) => view.id === textAt(args, "view_id"));
  if (held === undefined) return refuse("not_found");
  const hash = textAt(args, "hash");
  if (hash !== undefined && hash !== held.hash) return refuse("hash_conflict");
  return ok({ view: wireView(changeView(workspace, held, { view: args["view"] as Part, errors: {} }), app.teamId) });
};

/** Takes a Home view (`views.publish`). */
export const publishView: Method = ({ workspace }, args) => {
  const refused = checkView(args["view"]);
  if (refused !== undefined) return refuseWith(refused);
  if (!isPart(args["view"]) || args["view"]["type"] !== "home")
    return refuse("invalid_arguments", ["/view/type: must be home"]);
  if (!workspace.users.some((user) => user.id === textAt(args, "user_id"))) return refuse("user_not_found");
  return ok({ view: args["view"] });
};

/** Changes an open modal and gives it a new hash. */
export function changeView(
  workspace: Workspace,
  held: StandInView,
  change: Pick<StandInView, "view" | "errors">,
): StandInView {
  const next = { ...held, ...change, hash: workspace.nextId("h") };
  replaceItem(workspace.views, held, next);
  workspace.changed();
  return next;
}

/** Takes a modal off the screen. */
export function closeView(workspace: Workspace, held: StandInView): void {
  workspace.views.splice(workspace.views.indexOf(held), 1);
  workspace.changed();
}

/** Writes a view as Slack's answers and payloads give it. */
export function wireView(held: StandInView, teamId: string, state: Part = { values: {} }): Part {
  return { ...held.view, id: held.id, team_id: teamId, hash: held.hash, state };
}
