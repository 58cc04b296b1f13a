import type { Clock } from "../../lib/clock.ts";
import type { Part } from "./part.ts";

/** A person of the stand-in's workspace, or one who is seen there. */
export type StandInUser = {
  readonly id: string;
  readonly name: string;
  /** Default: `member`. */
  readonly account?: "member" | "guest" | "deactivated" | "bot" | "stranger";
  /** Another workspace's id makes them a visitor through Slack Connect; default: the app's own. */
  readonly teamId?: string;
  /** The organisation that their workspace is part of. */
  readonly enterpriseId?: string;
};

/** A user group. */
export type StandInUserGroup = {
  readonly id: string;
  /** Without the at sign. */
  readonly handle: string;
  readonly users: readonly string[];
  readonly disabled?: boolean;
  /** Another company's, seen through a shared channel. */
  readonly external?: boolean;
};

/** User groups come with paid plans. */
export type StandInPlan = "free" | "paid";

/** A channel, or the direct messages between the app and one person. */
export type StandInChannel = {
  readonly id: string;
  readonly name: string;
  /** Whether the app is in it; default: yes. */
  readonly member?: boolean;
  /** The people in it; default: everybody. */
  readonly members?: readonly string[];
  readonly private?: boolean;
  readonly archived?: boolean;
  /** Whose direct messages these are. */
  readonly im?: string;
};

/** A file that was uploaded. `channels` is empty until it is shared. */
export type StandInFile = {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly bytes: Uint8Array;
  readonly channels: readonly string[];
  readonly threadTs: string | undefined;
  readonly snippetType: string | undefined;
  readonly altText: string | undefined;
  /** Whether Slack has looked at it: only then can a block show it. */
  readonly ready: boolean;
};

/** A file between its three calls: announced, uploaded once `bytes` is there, and complete when it is a `StandInFile`. */
export type StandInUpload = Omit<StandInFile, "bytes" | "channels" | "threadTs" | "ready"> & {
  readonly length: number;
  readonly bytes: Uint8Array | undefined;
};

/** A message as it stands now, in a channel or in a thread. */
export type StandInMessage = {
  readonly channel: string;
  readonly ts: string;
  /** The person who wrote it; undefined for the app's own. */
  readonly userId?: string;
  /** Ids of the files that hang on it. */
  readonly files?: readonly string[];
  /** The root's ts; undefined for a root. */
  readonly threadTs: string | undefined;
  readonly text: string;
  readonly blocks: readonly Part[];
  readonly metadata: Part | undefined;
  /** How often it was edited. */
  readonly edits: number;
  /** Also shown in the channel. */
  readonly broadcast: boolean;
};

/** A message that one person sees. */
export type StandInEphemeral = {
  readonly userId: string;
  readonly ts: string;
  readonly channel: string;
  readonly threadTs: string | undefined;
  readonly text: string;
  readonly blocks: readonly Part[];
};

/** A message that is gone, and who deleted it: the app, a person's token that the app holds, or a person (by id or unnamed). */
export type DeletedMessage = StandInMessage & { readonly deletedBy: string };

/** A modal that lies open before one person, or their Home. `errors` are by block id, after a submission that was refused. */
export type StandInView = {
  readonly id: string;
  readonly userId: string;
  readonly hash: string;
  readonly view: Part;
  readonly errors: Readonly<Record<string, string>>;
  /** The modals below it, as ids from the bottom up. */
  readonly below?: readonly string[];
};

/** A Web API call; `at` is the stand-in's clock in milliseconds. */
export type StandInCall = {
  readonly method: string;
  readonly at: number;
  readonly ok: boolean;
  readonly error?: string;
  readonly channel?: string;
};

/** What came in from the app, whole: for the search of canary secrets and for questions of what was sent when. */
export type ReceivedPayload = { readonly via: string; readonly body: unknown };

/** Workspace is what the stand-in knows, and who wants to hear of changes. */
export type Workspace = {
  readonly users: StandInUser[];
  readonly userGroups: StandInUserGroup[];
  readonly plan: StandInPlan;
  /** Where people act when they name no other channel. */
  readonly channel: StandInChannel;
  /** All channels, the first included, and direct messages. */
  readonly channels: StandInChannel[];
  readonly clock: Clock;
  readonly messages: StandInMessage[];
  readonly deleted: DeletedMessage[];
  readonly ephemerals: StandInEphemeral[];
  /** Open modals, each person's topmost last. */
  readonly views: StandInView[];
  /** Published Homes, by person. */
  readonly homes: Map<string, StandInView>;
  readonly files: StandInFile[];
  /** Whether files that are complete wait for Slack to look at them. */
  filesHeld: boolean;
  /** Files that are not complete, by id. */
  readonly uploads: Map<string, StandInUpload>;
  /** What people chose in a message or view that was not submitted, by its ts or id: `state.values`. */
  readonly chosen: Map<string, Part>;
  /** The options that the app last suggested, by person and `action_id`. */
  readonly suggested: Map<string, readonly Part[]>;
  readonly payloads: ReceivedPayload[];
  readonly calls: StandInCall[];
  /** Gives a ts that was never given before. */
  readonly nextTs: () => string;
  /** Gives an id that was never given before, `V1`, `E2` … */
  readonly nextId: (prefix: string) => string;
  readonly changed: () => void;
  readonly onChange: (listener: () => void) => () => void;
};

/** Replaces an item of a list in place; does nothing when it is not there. */
export function replaceItem<T>(list: T[], old: T, next: T): void {
  const index = list.indexOf(old);
  if (index !== -1) list[index] = next;
}

/** Takes a message away and keeps who did it. */
export function removeMessage(workspace: Workspace, message: StandInMessage, deletedBy: string): void {
  workspace.messages.splice(workspace.messages.indexOf(message), 1);
  workspace.deleted.push({ ...message, deletedBy });
  workspace.changed();
}
