import { ROLES, type Actor } from "../../src/access/person.ts";
import type { RunEvent } from "../../src/engine/events.ts";
import { replay } from "../../src/engine/evolve.ts";
import type {
  AlertGroup,
  AlertStore,
  LoadedRun,
  MessageStore,
  RunAnswer,
  RunRequest,
  RunService,
  SentMessage,
  StartRequest,
} from "../../src/runner/ports.ts";

/** A chain head: 64 hex characters, as a key share has; it must not be redacted away whole. */
const HEAD = "5f".repeat(32);

/** RunService over plain events: tests append what happened and script what the engine answers. */
export type MemoryRuns = RunService & {
  readonly append: (runId: string, ...events: readonly RunEvent[]) => void;
  readonly asked: RunRequest[];
  readonly started: StartRequest[];
  /** Answers requests; default: refuses, so that nothing passes unnoticed. */
  answer: (request: RunRequest) => Promise<RunAnswer> | RunAnswer;
  answerStart: (request: StartRequest) => Promise<RunAnswer> | RunAnswer;
};

export function memoryRuns(): MemoryRuns {
  const timelines = new Map<string, readonly RunEvent[]>();
  const listeners = new Set<(runId: string) => void>();
  const load = (runId: string): LoadedRun | undefined => {
    const events = timelines.get(runId) ?? [];
    const run = replay(events);
    return run.status === "none" ? undefined : { run, version: events.length, head: HEAD };
  };
  const runs: MemoryRuns = {
    asked: [],
    started: [],
    answer: () => ({ ok: false, why: "the test gave no answer", code: "role" }),
    answerStart: () => ({ ok: false, why: "the test gave no answer", code: "role" }),
    append: (runId, ...events) => {
      timelines.set(runId, [...(timelines.get(runId) ?? []), ...events]);
      for (const listener of listeners) listener(runId);
    },
    get: async (runId) => await Promise.resolve(load(runId)),
    list: async ({ open, limit }) => {
      const loaded = [...timelines.keys()]
        .toReversed()
        .map(load)
        .filter((held) => held !== undefined);
      const wanted = loaded.filter(({ run }) => open === undefined || (run.status === "open") === open);
      return await Promise.resolve(wanted.slice(0, limit));
    },
    summaries: async () => await Promise.reject(new Error("the bot needs no summaries")),
    start: async (request) => {
      runs.started.push(request);
      return await runs.answerStart(request);
    },
    ask: async (request) => {
      runs.asked.push(request);
      return await runs.answer(request);
    },
    noteAlert: async () => {},
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return runs;
}

export type MemoryMessages = MessageStore & { readonly all: Map<string, SentMessage>; failPuts: number };

export function memoryMessages(): MemoryMessages {
  const all = new Map<string, SentMessage>();
  const store: MemoryMessages = {
    all,
    failPuts: 0,
    get: async (key) => await Promise.resolve(all.get(key)),
    put: async (message) => {
      if (store.failPuts > 0) {
        store.failPuts -= 1;
        throw new Error("the disk is full");
      }
      all.set(message.key, message);
      await Promise.resolve();
    },
    list: async (prefix) =>
      await Promise.resolve([...all.values()].filter((message) => message.key.startsWith(prefix))),
  };
  return store;
}

export function memoryAlerts(): AlertStore & { readonly all: Map<string, AlertGroup> } {
  const all = new Map<string, AlertGroup>();
  return {
    all,
    put: async (group) => {
      all.set(group.key, group);
      await Promise.resolve();
    },
    get: async (key) => await Promise.resolve(all.get(key)),
    list: async () => await Promise.resolve([...all.values()]),
  };
}

/** Alice starts, bob approves, carol may only look, dave is nobody here. */
export const USERS = [
  { id: "U0ALICE", name: "alice" },
  { id: "U0BOB", name: "bob" },
  { id: "U0CAROL", name: "carol" },
  { id: "U0DAVE", name: "dave" },
] as const;

const [viewer, responder, approver] = ROLES;

export async function identify(slackId: string): Promise<Actor> {
  const roles = { U0ALICE: responder, U0BOB: approver, U0CAROL: viewer } as const;
  const user = USERS.find((held) => held.id === slackId);
  const role = slackId in roles ? roles[slackId as keyof typeof roles] : undefined;
  return await Promise.resolve({
    id: user?.name ?? `slack:${slackId}`,
    name: user?.name ?? slackId,
    role,
    groups: [],
  });
}
