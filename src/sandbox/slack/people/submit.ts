import { checkView } from "../check-payload.ts";
import { isPart, listAt, textAt, type Part } from "../part.ts";
import { changeView, clearViews, closeView, openOver, wireView } from "../views.ts";
import type { StandInUser, StandInView } from "../workspace.ts";
import { optionsOf } from "../check/options.ts";
import { stateOf, type Given } from "./choice.ts";
import { elementsOf, type FoundElement } from "./find-element.ts";
import { findView } from "./find-target.ts";
import type { PeopleContext } from "./people-context.ts";
import { suggest, suggestedFor } from "./suggest.ts";
import { wireActor } from "./wire-person.ts";

/** Values for the input blocks of a modal, by block id. */
export type Values = Readonly<Record<string, string | readonly string[]>>;

/** What a submission led to: the view went away, changed, got another on top, or stayed with errors. */
export type Submission =
  | { readonly outcome: "closed" | "updated" | "pushed" | "cleared" | "dispatch_failed" }
  | { readonly outcome: "errors"; readonly errors: Readonly<Record<string, string>> };

/** Submits an open modal (`view_submission`). */
export async function submit(
  context: PeopleContext,
  user: StandInUser,
  view: string,
  values: Values,
): Promise<Submission> {
  const { workspace, app, courier, triggers } = context;
  const held = findView(context, user, view);
  const state = await stateValues(context, user, held, values);
  const delivery = await courier.deliver("interactive", {
    type: "view_submission",
    ...wireActor(context, user),
    trigger_id: triggers.issue({ userId: user.id, viewId: held.id }),
    view: wireView(workspace, held, app, state),
    response_urls: [],
  });
  if (delivery.outcome === "dispatch_failed") return { outcome: "dispatch_failed" };
  return applyResponse(context, held, delivery.payload);
}

function applyResponse({ workspace }: PeopleContext, held: StandInView, payload: Part): Submission {
  const now = workspace.views.find(({ id }) => id === held.id) ?? held;
  const errors = payload["errors"];
  switch (payload["response_action"]) {
    case "errors":
      return showErrors(workspace, now, isPart(errors) ? (errors as Record<string, string>) : {});
    case "update":
      changeView(workspace, now, { view: goodView(workspace, payload), errors: {} });
      return { outcome: "updated" };
    case "push":
      openOver(workspace, held.userId, goodView(workspace, payload));
      return { outcome: "pushed" };
    case "clear":
      clearViews(workspace, held.userId);
      return { outcome: "cleared" };
    default:
      closeView(workspace, held);
      return { outcome: "closed" };
  }
}

type World = PeopleContext["workspace"];

function goodView(workspace: World, payload: Part): Part {
  const refused = checkView(payload["view"], "modal", workspace);
  if (refused === undefined) return payload["view"] as Part;
  throw new Error(
    `the app answered a submission with a view that Slack refuses: ${refused.error} ${refused.details.join(", ")}`,
  );
}

function showErrors(workspace: World, held: StandInView, errors: Readonly<Record<string, string>>): Submission {
  const inputs = inputsOf(held.view);
  const stray = Object.keys(errors).find((id) => !inputs.some(({ blockId }) => blockId === id));
  if (stray !== undefined)
    throw new Error(
      `the app put an error on block "${stray}", which is no input of the view: Slack would show nothing`,
    );
  changeView(workspace, held, { view: held.view, errors });
  return { outcome: "errors", errors };
}

function inputsOf(view: Part): readonly FoundElement[] {
  return elementsOf(listAt(view, "blocks")).filter(({ block }) => block["type"] === "input");
}

/** Builds `view.state.values` and refuses values for blocks that are not there, as no person could give them. */
async function stateValues(
  context: PeopleContext,
  user: StandInUser,
  held: StandInView,
  values: Values,
): Promise<Part> {
  const inputs = inputsOf(held.view);
  const stray = Object.keys(values).find((id) => !inputs.some(({ blockId }) => blockId === id));
  if (stray !== undefined)
    throw new Error(`cannot fill "${stray}": the view has ${inputs.map(({ blockId }) => blockId).join(", ")}`);
  const all: Record<string, unknown> = { ...context.workspace.chosen.get(held.id) };
  for (const input of inputs) {
    const { element, blockId } = input;
    const given = values[blockId];
    const kept = isPart(all[blockId]) && given === undefined ? all[blockId] : {};
    const options = await optionsFor(context, user, { held, input, given });
    all[blockId] = { [String(element["action_id"])]: stateOf(element, options, given), ...kept };
  }
  return all;
}

type Filling = { readonly held: StandInView; readonly input: FoundElement; readonly given: Given };

/** Whoever fills an external select types until the option that they want appears. */
async function optionsFor(
  context: PeopleContext,
  user: StandInUser,
  { held, input: { element }, given }: Filling,
): Promise<readonly Part[]> {
  const own = optionsOf(element);
  if (given === undefined || textAt(element, "type")?.endsWith("external_select") !== true) return own;
  const actionId = String(element["action_id"]);
  const wanted = typeof given === "string" ? [given] : given;
  const offered = [...suggestedFor(context, user, actionId)];
  for (const value of wanted)
    if (!offered.some((option) => option["value"] === value))
      offered.push(...(await suggest(context, user, { target: held.id, actionId, typed: value })));
  return offered;
}
