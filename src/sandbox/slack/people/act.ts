import type { Delivery } from "../delivery/delivery.ts";
import { isPart, textAt, type Part } from "../part.ts";
import type { StandInUser } from "../workspace.ts";
import { optionsOf } from "../check/options.ts";
import { isChoice, stateOf } from "./choice.ts";
import { findElement, type FoundElement } from "./find-element.ts";
import { blocksOf, findTarget, keyOf, wireTarget, type MessageTarget, type Target } from "./find-target.ts";
import type { PeopleContext } from "./people-context.ts";
import { suggestedFor } from "./suggest.ts";
import { wireActor } from "./wire-person.ts";

/** What somebody does to an element. */
export type Act = { readonly target: MessageTarget; readonly actionId: string } & (
  | { readonly kind: "click"; readonly value: string | undefined }
  | { readonly kind: "select"; readonly value: string | readonly string[] }
);

/** Uses an element of a message, a modal or a Home (`block_actions`). */
export async function act(context: PeopleContext, user: StandInUser, done: Act): Promise<Delivery> {
  const { workspace, triggers, responseUrls, courier } = context;
  const target = findTarget(context, user, done.target);
  const used = done.kind === "click" ? press(target, done) : choose(context, user, target, done);
  const { message } = target.kind === "view" ? { message: undefined } : target;
  const answer =
    message === undefined
      ? {}
      : {
          response_url: responseUrls.issue({
            userId: user.id,
            channel: message.channel,
            messageTs: message.ts,
            threadTs: message.threadTs,
          }),
        };
  const viewId = target.kind === "view" ? { viewId: target.view.id } : {};
  return await courier.deliver("interactive", {
    type: "block_actions",
    ...wireActor(context, user),
    ...wireTarget(context, target),
    trigger_id: triggers.issue({ userId: user.id, ...viewId }),
    ...answer,
    actions: [{ ...used, action_ts: workspace.nextTs() }],
  });
}

function press(target: Target, { actionId, value }: { actionId: string; value: string | undefined }): Part {
  const found = findElement(blocksOf(target), actionId, (type) => type.endsWith("button"), value);
  if (found === undefined) throw new Error(`cannot click "${actionId}": ${nameOf(target)} has no such button`);
  return { ...found.element, block_id: found.blockId };
}

function choose(
  context: PeopleContext,
  user: StandInUser,
  target: Target,
  { actionId, value }: { actionId: string; value: string | readonly string[] },
): Part {
  const found = findElement(blocksOf(target), actionId, isChoice);
  if (found === undefined) throw new Error(`cannot choose in "${actionId}": ${nameOf(target)} has no such select`);
  const { element, blockId } = found;
  const options = [...optionsOf(element), ...suggestedFor(context, user, actionId)];
  const state = stateOf(element, options, value);
  if (element["type"] !== "overflow") remember(context, target, found, state);
  return { action_id: actionId, block_id: blockId, ...state };
}

/** Slack keeps what was chosen for `state.values`, until the message or view goes away. */
function remember(context: PeopleContext, target: Target, { element, blockId }: FoundElement, state: Part): void {
  const { chosen } = context.workspace;
  const all = chosen.get(keyOf(target)) ?? {};
  const block = isPart(all[blockId]) ? all[blockId] : {};
  chosen.set(keyOf(target), { ...all, [blockId]: { ...block, [String(element["action_id"])]: state } });
}

function nameOf(target: Target): string {
  if (target.kind !== "view") return `message ${target.message.ts}`;
  return `view ${textAt(target.view.view, "callback_id") ?? target.view.id}`;
}
