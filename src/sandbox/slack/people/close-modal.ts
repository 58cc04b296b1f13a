import type { Delivery } from "../delivery/delivery.ts";
import { clearViews, closeView, wireView } from "../views.ts";
import type { StandInUser } from "../workspace.ts";
import { findView } from "./find-target.ts";
import type { PeopleContext } from "./people-context.ts";
import { wireActor } from "./wire-person.ts";

/** Closes a modal without submitting it (`view_closed`, where the modal asks for that). */
export async function closeModal(
  context: PeopleContext,
  user: StandInUser,
  view: string,
): Promise<Delivery | undefined> {
  const { workspace, app, courier } = context;
  const held = findView(context, user, view);
  const wire = wireView(workspace, held, app);
  const clears = held.view["clear_on_close"] === true;
  if (clears) clearViews(workspace, user.id);
  else closeView(workspace, held);
  if (held.view["notify_on_close"] !== true) return undefined;
  return await courier.deliver("interactive", {
    type: "view_closed",
    ...wireActor(context, user),
    view: wire,
    is_cleared: clears,
  });
}
