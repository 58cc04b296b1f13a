import { wireMessage } from "../wire-message.ts";
import { listAt, type Part } from "../part.ts";
import { viewsOf, wireView } from "../views.ts";
import type { StandInEphemeral, StandInMessage, StandInUser, StandInView } from "../workspace.ts";
import type { PeopleContext } from "./people-context.ts";

/**
 * On what somebody acts: a message by its ts, by a predicate (the newest that fits), or a copy kept from before, as on a screen that is
 * out of date; an ephemeral message by its ts; an open modal by its id or `callback_id`; their Home as "home".
 */
export type MessageTarget = string | StandInMessage | ((message: StandInMessage) => boolean);

/** What somebody acts on, found. */
export type Target =
  | { readonly kind: "message"; readonly message: StandInMessage }
  | { readonly kind: "ephemeral"; readonly message: StandInEphemeral }
  | { readonly kind: "view"; readonly view: StandInView };

/** Finds what a person means; throws when it is not before them. */
export function findTarget({ workspace }: PeopleContext, user: StandInUser, target: MessageTarget): Target {
  if (typeof target === "object") return { kind: "message", message: target };
  const fits = typeof target === "string" ? (message: StandInMessage): boolean => message.ts === target : target;
  const message = workspace.messages.findLast(fits);
  if (message !== undefined) return { kind: "message", message };
  const ephemeral = workspace.ephemerals.find(({ ts, userId }) => ts === target && userId === user.id);
  if (ephemeral !== undefined) return { kind: "ephemeral", message: ephemeral };
  const view = target === "home" ? workspace.homes.get(user.id) : viewNamed(viewsOf(workspace, user.id), target);
  if (view !== undefined) return { kind: "view", view };
  throw new Error("cannot click: no message fits");
}

/** Finds an open modal of a person; throws when there is none of that name. */
export function findView({ workspace }: PeopleContext, user: StandInUser, idOrCallback: string): StandInView {
  const found = viewNamed(viewsOf(workspace, user.id), idOrCallback);
  if (found === undefined) throw new Error(`cannot find view "${idOrCallback}" before ${user.name}`);
  return found;
}

function viewNamed(views: readonly StandInView[], name: unknown): StandInView | undefined {
  return views.findLast(({ id, view }) => id === name || view["callback_id"] === name);
}

/** Gives the ts or view id, under which choices are kept. */
export function keyOf(target: Target): string {
  return target.kind === "view" ? target.view.id : target.message.ts;
}

/** Gives the blocks of what somebody acts on. */
export function blocksOf(target: Target): readonly Part[] {
  return target.kind === "view" ? listAt(target.view.view, "blocks") : target.message.blocks;
}

/** Writes what an interaction says of its place. */
export function wireTarget({ workspace, app }: PeopleContext, target: Target): Part {
  if (target.kind === "view")
    return { container: { type: "view", view_id: target.view.id }, view: wireView(workspace, target.view, app) };
  const { channel, ts, threadTs } = target.message;
  const found = workspace.channels.find(({ id }) => id === channel);
  const container = {
    type: "message",
    message_ts: ts,
    channel_id: channel,
    is_ephemeral: target.kind === "ephemeral",
    ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
  };
  return {
    container,
    channel: { id: channel, name: found?.im === undefined ? found?.name : "directmessage" },
    // Slack does not send an ephemeral message back: it kept no copy.
    ...(target.kind === "message" ? { message: wireMessage(workspace, target.message, app, true) } : {}),
    state: { values: workspace.chosen.get(ts) ?? {} },
  };
}
