import type { StandInChannel, Workspace } from "./workspace.ts";

/** What a workspace is opened with. */
export type WorkspaceOptions = Pick<Workspace, "users" | "userGroups" | "plan" | "channel" | "clock"> & {
  readonly channels?: readonly StandInChannel[];
};

/** Opens an empty workspace. */
export function openWorkspace({ channels = [], ...options }: WorkspaceOptions): Workspace {
  const listeners = new Set<() => void>();
  let counter = 0;
  return {
    ...options,
    channels: [options.channel, ...channels],
    messages: [],
    deleted: [],
    ephemerals: [],
    views: [],
    homes: new Map(),
    files: [],
    filesHeld: false,
    uploads: new Map(),
    chosen: new Map(),
    suggested: new Map(),
    payloads: [],
    calls: [],
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
