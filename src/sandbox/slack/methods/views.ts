import { checkView } from "../check-payload.ts";
import { LIMITS } from "../limits.ts";
import { textAt, type Part } from "../part.ts";
import { changeView, openOver, viewsOf, wireView } from "../views.ts";
import { ok, refuse, refuseWith, type Method, type MethodContext } from "./method.ts";

/** Opens a modal for whoever the trigger belongs to (`views.open`). */
export const openView: Method = (context, args) => place(context, args, "open");

/** Lays a modal on the one in which the trigger was given (`views.push`). */
export const pushView: Method = (context, args) => place(context, args, "push");

function place({ workspace, triggers, app }: MethodContext, args: Part, how: "open" | "push"): Part {
  const refused = checkView(args["view"], "modal", workspace);
  if (refused !== undefined) return refuseWith(refused);
  const redeemed = triggers.redeem(textAt(args, "trigger_id") ?? "");
  if ("error" in redeemed) return refuse(redeemed.error);
  const open = viewsOf(workspace, redeemed.userId);
  if (how === "push" && !open.some(({ id }) => id === redeemed.viewId)) return refuse("not_found");
  if (open.length >= LIMITS.modalStack) return refuse("push_limit_reached");
  return ok({ view: wireView(workspace, openOver(workspace, redeemed.userId, args["view"] as Part), app) });
}

/** Replaces an open modal (`views.update`); a stale `hash` is a conflict. */
export const updateView: Method = ({ workspace, app }, args) => {
  const refused = checkView(args["view"], "modal", workspace);
  if (refused !== undefined) return refuseWith(refused);
  const viewId = textAt(args, "view_id");
  const externalId = textAt(args, "external_id");
  const held = workspace.views.find(
    ({ id, view }) => id === viewId || (externalId !== undefined && view["external_id"] === externalId),
  );
  if (held === undefined) return refuse("not_found");
  const hash = textAt(args, "hash");
  if (hash !== undefined && hash !== held.hash) return refuse("hash_conflict");
  const changed = changeView(workspace, held, { view: args["view"] as Part, errors: {} });
  return ok({ view: wireView(workspace, changed, app) });
};

/** Publishes a person's Home (`views.publish`); a stale `hash` is a conflict. */
export const publishView: Method = ({ workspace, app }, args) => {
  const refused = checkView(args["view"], "home", workspace);
  if (refused !== undefined) return refuseWith(refused);
  const userId = textAt(args, "user_id") ?? "";
  if (!workspace.users.some((user) => user.id === userId)) return refuse("user_not_found");
  const held = workspace.homes.get(userId);
  const hash = textAt(args, "hash");
  if (hash !== undefined && held !== undefined && hash !== held.hash) return refuse("hash_conflict");
  const next = {
    id: held?.id ?? workspace.nextId("VH"),
    userId,
    hash: workspace.nextId("h"),
    view: args["view"] as Part,
    errors: {},
  };
  workspace.homes.set(userId, next);
  workspace.changed();
  return ok({ view: wireView(workspace, next, app) });
};
