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

/** A message as it stands now, in the channel or in a thread. */
export type StandInMessage = {
  readonly channel: string;
  readonly ts: string;
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

/** A modal that lies open before one person. `errors` are by block id, after a submission that was refused. */
export type StandInView = {
  readonly id: string;
  readonly userId: string;
  readonly hash: string;
  readonly view: Part;
  readonly errors: Readonly<Record<string, string>>;
};

/** What came in from the app, whole: for the search of canary secrets and for questions of what was sent when. */
export type ReceivedPayload = { readonly via: string; readonly body: unknown };

/** Workspace is what the stand-in knows, and who wants to hear of changes. */
export type Workspace = {
  readonly users: StandInUser[];
  readonly userGroups: StandInUserGroup[];
  readonly plan: StandInPlan;
  readonly channel: { readonly id: string; readonly name: string };
  readonly clock: Clock;
  readonly messages: StandInMessage[];
  readonly ephemerals: StandInEphemeral[];
  readonly views: StandInView[];
  readonly payloads: ReceivedPayload[];
  /** Gives a ts that was never given before. */
  readonly nextTs: () => string;
  /** Gives an id that was never given before, `V1`, `E2` … */
  readonly nextId: (prefix: string) => string;
  readonly changed: () => void;
  readonly onChange: (listener: () => void) => () => void;
};

/** Opens an empty workspace. */
export function openWorkspace(
  options: Pick<Workspace, "users" | "userGroups" | "plan" | "channel" | "clock">,
): Workspace {
  const listeners = new Set<() => void>();
  let counter = 0;
  return {
    ...options,
    messages: [],
    ephemerals: [],
    views: [],
    payloads: [],
    nextTs: () => `${Math.floor(options.clock.now() / 1000)}.${String(++counter).padStart(6, "0")}`,
    nextId: (prefix) => `${prefix}${++counter}`,
    changed: () => {
      for (const listener of listeners) listener();
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Replaces an item of a list in place; does nothing when it is not there. */
export function replaceItem<T>(list: T[], old: T, next: T): void {
  const index = list.indexOf(old);
  if (index !== -1) list[index] = next;
}

/** Waits until `read` gives something, looking again after every change; rejects after `timeoutMs` with what there was instead. */
export async function whenThere<T>(workspace: Workspace, read: () => T | undefined, timeoutMs: number): Promise<T> {
  const now = read();
  if (now !== undefined) return now;
  return await new Promise<T>((resolve, reject) => {
    const end = workspace.onChange(() => {
      const value = read();
      if (value === undefined) return;
      clearTimeout(timer);
      end();
      resolve(value);
    });
    const timer = setTimeout(() => {
      end();
      reject(new Error(`nothing fitting came within ${timeoutMs} ms; there are:\n${describe(workspace)}`));
    }, timeoutMs);
  });
}

function describe(workspace: Workspace): string {
  const lines = [
    ...workspace.messages.map(
      (message) => `message ${message.ts}${message.threadTs === undefined ? "" : " in a thread"}: ${message.text}`,
    ),
    ...workspace.ephemerals.map((ephemeral) => `ephemeral for ${ephemeral.userId}: ${ephemeral.text}`),
    ...workspace.views.map((view) => `view ${view.id} for ${view.userId}: ${String(view.view["callback_id"])}`),
  ];
  return lines.length === 0 ? "(nothing)" : lines.join("\n");
}
