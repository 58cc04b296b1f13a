import type { Delivery } from "../delivery/delivery.ts";
import type { Part } from "../part.ts";
import type { StandInUser } from "../workspace.ts";
import { act } from "./act.ts";
import { closeModal } from "./close-modal.ts";
import type { MessageTarget } from "./find-target.ts";
import type { PeopleContext } from "./people-context.ts";
import { editMessage, deleteMessage, openHome, say, type SayOptions } from "./speak.ts";
import { slash, type SlashOptions } from "./slash.ts";
import { submit, type Submission, type Values } from "./submit.ts";
import { suggest } from "./suggest.ts";

/** What one person can do. What no person could do (press a button that is not there) throws. */
export type StandInPerson = {
  /** Types a slash command, in the first channel when no other is given. */
  readonly slash: (command: string, text: string, options?: SlashOptions) => Promise<Delivery>;
  /** Presses a button of a message or of an open modal, by its `action_id`; with `value` when there are several of that name. */
  readonly click: (target: MessageTarget, actionId: string, value?: string) => Promise<Delivery>;
  /** Chooses in a select, overflow menu, radio buttons or checkboxes, by the option's value; several values where several may be chosen. */
  readonly select: (target: MessageTarget, actionId: string, value: string | readonly string[]) => Promise<Delivery>;
  /** Types into an external select (`block_suggestion`) and gives the options that appear; throws when the app does not answer. */
  readonly suggest: (target: MessageTarget, actionId: string, typed: string) => Promise<readonly Part[]>;
  /** Submits an open modal, by view id or `callback_id`, with a value for each input block (by block id). */
  readonly submit: (view: string, values: Values) => Promise<Submission>;
  /** Closes an open modal without submitting it; gives what became of `view_closed` when the modal asks for that. */
  readonly close: (view: string) => Promise<Delivery | undefined>;
  /** Opens the app's Home (`app_home_opened`). */
  readonly openHome: () => Promise<Delivery>;
  /** Presses a button of their Home. */
  readonly clickHome: (actionId: string, value?: string) => Promise<Delivery>;
  /** Writes a message; gives its ts once the app took the event, or Slack gave up for now. */
  readonly say: (text: string, options?: SayOptions) => Promise<string>;
  /** Edits a message of their own. */
  readonly edit: (ts: string, text: string) => Promise<void>;
  /** Deletes a message of their own. */
  readonly deleteMessage: (ts: string) => Promise<void>;
};

/** Gives the hands of a person; throws for an id that is not in the workspace. */
export function actAs(context: PeopleContext, userId: string): StandInPerson {
  const found = context.workspace.users.find((held) => held.id === userId);
  if (found === undefined) throw new Error(`cannot act as ${userId}: no such user in the stand-in; give it in "users"`);
  const user: StandInUser = found;
  return {
    slash: async (command, text, options) => await slash(context, user, { command, text, ...options }),
    click: async (target, actionId, value) => await act(context, user, { kind: "click", target, actionId, value }),
    select: async (target, actionId, value) => await act(context, user, { kind: "select", target, actionId, value }),
    suggest: async (target, actionId, typed) => await suggest(context, user, { target, actionId, typed }),
    submit: async (view, values) => await submit(context, user, view, values),
    close: async (view) => await closeModal(context, user, view),
    openHome: async () => await openHome(context, user),
    clickHome: async (actionId, value) => await act(context, user, { kind: "click", target: "home", actionId, value }),
    say: async (text, options) => await say(context, user, text, options),
    edit: async (ts, text) => await editMessage(context, user, ts, text),
    deleteMessage: async (ts) => await deleteMessage(context, user, ts),
  };
}
