import { isPart, listAt, textAt, type Part } from "./part.ts";
import type { StandInApp } from "./methods/method.ts";
import { changeView, closeView, wireView } from "./methods/views.ts";
import { wireMessage } from "./methods/chat.ts";
import { checkView } from "./check-payload.ts";
import type { ResponseUrls } from "./response-urls.ts";
import type { Delivery, SocketMode } from "./socket-mode.ts";
import type { Triggers } from "./triggers.ts";
import type { StandInMessage, StandInUser, StandInView, Workspace } from "./workspace.ts";

/** Which message: by its ts, by a predicate (the newest that fits), or a copy kept from before, as on a screen that is out of date. */
export type MessageTarget = string | StandInMessage | ((message: StandInMessage) => boolean);

/** What a submission led to: the view went away, stayed with errors, or changed. */
export type Submission =
  | { readonly outcome: "closed" | "updated" | "dispatch_failed" }
  | { readonly outcome: "errors"; readonly errors: Readonly<Record<string, string>> };

/** What one person can do. */
export type StandInPerson = {
  /** Types a slash command. */
  readonly slash: (command: string, text: string) => Promise<Delivery>;
  /** Presses a button, by its `action_id`; with `value` when a message has several of that name. */
  readonly click: (target: MessageTarget, actionId: string, value?: string) => Promise<Delivery>;
  /** Submits an open modal, by view id or `callback_id`, with a value for each input block (by block id). */
  readonly submit: (view: string, values: Readonly<Record<string, string>>) => Promise<Submission>;
  /** Closes an open modal without submitting it. */
  readonly close: (view: string) => void;
};

/** What people act on. */
export type PeopleContext = {
  readonly workspace: Workspace;
  readonly app: StandInApp;
  readonly triggers: Triggers;
  readonly responseUrls: ResponseUrls;
  readonly sockets: SocketMode;
};

/** Gives the hands of a person; throws for an id that is not in the workspace. */
export function actAs(context: PeopleContext, userId: string): StandInPerson {
  const user = context.workspace.users.find((held) => held.id === userId);
  if (user === undefined) throw new Error(`cannot act as ${userId}: no such user in the stand-in; give it in "users"`);
  return {
    slash: async (command, text) => await slash(context, user, command, text),
    click: async (target, actionId, value) => await click(context, user, { target, actionId, value }),
    submit: async (view, values) => await submit(context, user, view, values),
    close: (view) => closeView(context.workspace, findView(context, user, view)),
  };
}

async function slash(context: PeopleContext, user: StandInUser, command: string, text: string): Promise<Delivery> {
  const { workspace, app, triggers, responseUrls, sockets } = context;
  const delivery = await sockets.deliver("slash_commands", {
    team_id: app.teamId,
    channel_id: workspace.channel.id,
    channel_name: workspace.channel.name,
    user_id: user.id,
    user_name: user.name,
    command,
    text,
    trigger_id: triggers.issue(user.id),
    response_url: responseUrls.issue({ userId: user.id, messageTs: undefined, threadTs: undefined }),
  });
  if (delivery.outcome === "acked") showAckMessage(context, user, delivery.payload);
  return delivery;
}

/** A command's ack may carry a message of its own. */
function showAckMessage({ workspace }: PeopleContext, user: StandInUser, payload: Part): void {
  if (payload["text"] === undefined && payload["blocks"] === undefined) return;
  workspace.ephemerals.push({
    userId: user.id,
    ts: workspace.nextTs(),
    channel: workspace.channel.id,
    threadTs: undefined,
    text: textAt(payload, "text") ?? "",
    blocks: listAt(payload, "blocks"),
  });
  workspace.changed();
}

type Click = { readonly target: MessageTarget; readonly actionId: string; readonly value: string | undefined };

async function click(context: PeopleContext, user: StandInUser, { target, actionId, value }: Click): Promise<Delivery> {
  const { workspace, app, triggers, responseUrls, sockets } = context;
  const message = findMessage(workspace, target);
  const { element, blockId } = findButton(message, actionId, value);
  return await sockets.deliver("interactive", {
    type: "block_actions",
    user: wireUser(app, user),
    team: { id: app.teamId, domain: "stand-in" },
    channel: workspace.channel,
    container: {
      type: "message",
      message_ts: message.ts,
      channel_id: message.channel,
      ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }),
    },
    message: wireMessage(message, app.userId, true),
    trigger_id: triggers.issue(user.id),
    response_url: responseUrls.issue({ userId: user.id, messageTs: message.ts, threadTs: message.threadTs }),
    actions: [{ ...element, block_id: blockId, action_ts: workspace.nextTs() }],
  });
}

async function submit(
  context: PeopleContext,
  user: StandInUser,
  view: string,
  values: Readonly<Record<string, string>>,
): Promise<Submission> {
  const { workspace, app, sockets } = context;
  const held = findView(context, user, view);
  const delivery = await sockets.deliver("interactive", {
    type: "view_submission",
    user: wireUser(app, user),
    team: { id: app.teamId, domain: "stand-in" },
    view: wireView(held, app.teamId, { values: stateValues(held.view, values) }),
  });
  if (delivery.outcome === "dispatch_failed") return { outcome: "dispatch_failed" };
  return applyResponse(workspace, held, delivery.payload);
}

function applyResponse(workspace: Workspace, held: StandInView, payload: Part): Submission {
  const errors = payload["errors"];
  if (payload["response_action"] === "errors" && isPart(errors))
    return showErrors(workspace, held, errors as Record<string, string>);
  if (payload["response_action"] === "update") {
    const refused = checkView(payload["view"]);
    if (refused !== undefined)
      throw new Error(
        `the app answered a submission with a view that Slack refuses: ${refused.error} ${refused.details.join(", ")}`,
      );
    changeView(workspace, held, { view: payload["view"] as Part, errors: {} });
    return { outcome: "updated" };
  }
  closeView(workspace, held);
  return { outcome: "closed" };
}

function showErrors(workspace: Workspace, held: StandInView, errors: Readonly<Record<string, string>>): Submission {
  const inputs = listAt(held.view, "blocks").filter((block) => block["type"] === "input");
  const stray = Object.keys(errors).find((id) => !inputs.some((block) => block["block_id"] === id));
  if (stray !== undefined)
    throw new Error(
      `the app put an error on block "${stray}", which is no input of the view: Slack would show nothing`,
    );
  changeView(workspace, held, { view: held.view, errors });
  return { outcome: "errors", errors };
}

/** Builds `view.state.values` and refuses values for blocks that are not there, as no person could give them. */
function stateValues(view: Part, values: Readonly<Record<string, string>>): Part {
  const inputs = listAt(view, "blocks").filter((block) => block["type"] === "input");
  const stray = Object.keys(values).find((id) => !inputs.some((block) => block["block_id"] === id));
  if (stray !== undefined)
    throw new Error(
      `cannot fill "${stray}": the view has ${inputs.map((block) => textAt(block, "block_id") ?? "").join(", ")}`,
    );
  return Object.fromEntries(
    inputs.map((block) => [
      textAt(block, "block_id") ?? "",
      inputState(block, values[textAt(block, "block_id") ?? ""]),
    ]),
  );
}

function inputState(block: Part, value: string | undefined): Part {
  const element = isPart(block["element"]) ? block["element"] : {};
  const state =
    element["type"] === "static_select"
      ? selectState(element, value)
      : { type: "plain_text_input", value: value ?? element["initial_value"] ?? null };
  return { [String(element["action_id"])]: state };
}

function selectState(element: Part, value: string | undefined): Part {
  const options = [
    ...listAt(element, "options"),
    ...listAt(element, "option_groups").flatMap((group) => listAt(group, "options")),
  ];
  const chosen = value === undefined ? element["initial_option"] : options.find((option) => option["value"] === value);
  if (value !== undefined && chosen === undefined)
    throw new Error(
      `cannot choose "${value}": the select has ${options.map((option) => String(option["value"])).join(", ")}`,
    );
  return { type: "static_select", selected_option: chosen ?? null };
}

function wireUser(app: StandInApp, user: StandInUser): Part {
  return { id: user.id, username: user.name, name: user.name, team_id: app.teamId };
}

function findMessage(workspace: Workspace, target: MessageTarget): StandInMessage {
  if (typeof target === "object") return target;
  const fits = typeof target === "string" ? (message: StandInMessage): boolean => message.ts === target : target;
  const found = workspace.messages.findLast(fits);
  if (found === undefined) throw new Error("cannot click: no message fits");
  return found;
}

function findButton(
  message: StandInMessage,
  actionId: string,
  value: string | undefined,
): { readonly element: Part; readonly blockId: string } {
  for (const block of message.blocks) {
    const accessory = isPart(block["accessory"]) ? [block["accessory"]] : [];
    for (const element of [...listAt(block, "elements"), ...accessory]) {
      const same = element["action_id"] === actionId && (value === undefined || element["value"] === value);
      if (same && element["type"] === "button") return { element, blockId: textAt(block, "block_id") ?? "" };
    }
  }
  throw new Error(`cannot click "${actionId}": message ${message.ts} has no such button`);
}

function findView(context: PeopleContext, user: StandInUser, idOrCallback: string): StandInView {
  const found = context.workspace.views.findLast(
    (view) => view.userId === user.id && (view.id === idOrCallback || view.view["callback_id"] === idOrCallback),
  );
  if (found === undefined) throw new Error(`cannot find view "${idOrCallback}" before ${user.name}`);
  return found;
}
