import type { StandInApp } from "./methods/method.ts";
import { listAt, type Part } from "./part.ts";
import { withIds } from "./with-ids.ts";
import { replaceItem, type StandInView, type Workspace } from "./workspace.ts";

/** Lists the modals that lie open before a person, the topmost last. */
export function viewsOf({ views }: Workspace, userId: string): readonly StandInView[] {
  return views.filter((view) => view.userId === userId);
}

/** Lays a modal on those that a person has open. */
export function openOver(workspace: Workspace, userId: string, view: Part): StandInView {
  const below = viewsOf(workspace, userId).map(({ id }) => id);
  const opened = { id: workspace.nextId("V"), userId, hash: workspace.nextId("h"), view, errors: {}, below };
  workspace.views.push(opened);
  workspace.changed();
  return opened;
}

/** Changes an open modal and gives it a new hash; what was chosen stays where the block and the element are still there. */
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
  const index = workspace.views.findIndex(({ id }) => id === held.id);
  if (index !== -1) workspace.views.splice(index, 1);
  workspace.chosen.delete(held.id);
  workspace.changed();
}

/** Takes all of a person's modals off the screen. */
export function clearViews(workspace: Workspace, userId: string): void {
  for (const held of viewsOf(workspace, userId)) closeView(workspace, held);
}

/** Writes a view as Slack's answers and payloads give it. */
export function wireView(workspace: Workspace, held: StandInView, app: StandInApp, values?: Part): Part {
  const { view } = held;
  return {
    private_metadata: "",
    callback_id: "",
    external_id: "",
    title: null,
    submit: null,
    close: null,
    clear_on_close: false,
    notify_on_close: false,
    ...view,
    blocks: withIds(listAt(view, "blocks")),
    id: held.id,
    team_id: app.teamId,
    app_id: app.appId,
    app_installed_team_id: app.teamId,
    bot_id: app.botId,
    hash: held.hash,
    state: { values: values ?? workspace.chosen.get(held.id) ?? {} },
    previous_view_id: held.below?.at(-1) ?? null,
    root_view_id: held.below?.[0] ?? held.id,
  };
}
