import type { types } from "@slack/bolt";
import type { Content } from "./render/content.ts";

/** Where a message goes: a channel, and a thread when `threadTs` is given. */
export type Place = { readonly channel: string; readonly threadTs: string | undefined };

/** A modal that lies open before somebody: `hash` changes with every change of it. */
export type OpenedView = { readonly id: string; readonly hash: string };

/** A file to upload; `title` is what people see, `snippetType` makes a text readable in the thread (`text`, `json` …). */
export type Upload = {
  readonly name: string;
  readonly title: string;
  readonly bytes: Uint8Array;
  readonly snippetType?: string;
};

/** Who the bot token belongs to. */
export type Identity = {
  readonly userId: string;
  readonly teamId: string;
  readonly enterpriseId: string | undefined;
  readonly botId: string;
};

/**
 * Outgoing is the only way to Slack: everything that is sent goes through it, loses what looks like a secret and is cut to Slack's
 * limits. Its calls throw what the Web API client throws; `sortSlackError` sorts it. No call is repeated here.
 */
export type Outgoing = {
  /** Posts a message (`chat.postMessage`) that can be found again by its keys; gives its ts. */
  readonly post: (place: Place, keys: readonly string[], content: Content, broadcast: boolean) => Promise<string>;
  /** Edits a message (`chat.update`). */
  readonly update: (channel: string, ts: string, content: Content) => Promise<void>;
  /** Sends a message to one person (`chat.postMessage` to the member id): a direct message. */
  readonly direct: (userId: string, content: Content) => Promise<void>;
  /** Shows a message to one person (`chat.postEphemeral`). */
  readonly whisper: (place: Place, user: string, content: Content) => Promise<void>;
  /** Answers at a command's `response_url`, to the person alone. */
  readonly respond: (responseUrl: string, content: Content) => Promise<void>;
  /** Opens a modal (`views.open`). */
  readonly openView: (triggerId: string, view: types.ModalView) => Promise<OpenedView>;
  /** Changes a modal that lies open (`views.update`); refused with `hash_conflict` when it changed since. */
  readonly updateView: (opened: OpenedView, view: types.ModalView) => Promise<void>;
  /** Shows a person their Home (`views.publish`). */
  readonly publishHome: (userId: string, view: types.HomeView) => Promise<void>;
  /**
   * Uploads a file (`files.getUploadURLExternal`, the upload, `files.completeUploadExternal`). Without `share` nobody sees it until a message
   * shows it by its id.
   */
  readonly upload: (
    file: Upload,
    share?: { readonly place: Place; readonly comment: string },
  ) => Promise<{ id: string }>;
  /** Gives the address of a message (`chat.getPermalink`). */
  readonly permalink: (channel: string, ts: string) => Promise<string>;
  /** Reads our messages of a thread or, without one, of the channel since a time (Unix seconds): the newest ts by key. */
  readonly findKeys: (place: Place, sinceSeconds: number) => Promise<ReadonlyMap<string, string>>;
  /** Deletes anybody's message with the token of an admin (`chat.delete`); undefined when there is no such token. */
  readonly deleteAsUser: ((channel: string, ts: string) => Promise<void>) | undefined;
  /** Reads who we are (`auth.test`): proves the bot token. */
  readonly whoAmI: () => Promise<Identity>;
  /** Cleans and cuts the answer to a submission: errors by block id. */
  readonly viewErrors: (errors: Readonly<Record<string, string>>) => {
    response_action: "errors";
    errors: Record<string, string>;
  };
};
