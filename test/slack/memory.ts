import { ROLES, type Actor } from "../../src/access/person.ts";
import type { RunEvent } from "../../src/engine/events.ts";
import { replay } from "../../src/engine/evolve.ts";
import { summarize } from "../../src/runner/summarize.ts";
import type { Clock } from "../../src/lib/clock.ts";
import { alertSubject, runSubject } from "../../src/store/subject.ts";
import type {
  AlertGroup,
  AlertStore,
  LoadedRun,
  MessageStore,
  Outbox,
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

/** What tells the outbox of a change, and by which clock. */
export type Noting = { readonly outbox: Pick<Outbox, "note">; readonly clock: Clock };

/** Runs of which every change is noted in the outbox, if there is one. */
export function memoryRuns(noting?: Noting): MemoryRuns {
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
      void noting?.outbox.note(runSubject(runId), noting.clock.now());
      for (const listener of listeners) listener(runId);
    },
    get: async (runId) => await Promise.resolve(load(runId)),
    list: async ({ open, cluster, limit }) => {
      const loaded = [...timelines.keys()]
        .toReversed()
        .map(load)
        .filter((held) => held !== undefined);
      const wanted = loaded.filter(
        ({ run }) =>
          (open === undefined || (run.status === "open") === open) &&
          (cluster === undefined || run.cluster === cluster),
      );
      return await Promise.resolve(wanted.slice(0, limit));
    },
    summaries: async (filter) =>
      (await runs.list(filter)).map(({ run, version }) => ({ id: run.id, version, summary: summarize(run) })),
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

export function memoryAlerts(noting?: Noting): AlertStore & { readonly all: Map<string, AlertGroup> } {
  const all = new Map<string, AlertGroup>();
  return {
    all,
    put: async (group) => {
      all.set(group.key, group);
      await noting?.outbox.note(alertSubject(group.key), noting.clock.now());
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
