import type { Clock } from "../../lib/clock.ts";
import type { Logger } from "../../lib/logger.ts";
import type { AlertStore, MessageStore, RunService } from "../../runner/ports.ts";
import type { Delay } from "../delay.ts";
import type { Outgoing } from "../outgoing.ts";
import { catchUp } from "./catch-up.ts";
import { keepAlert, type AlertKeeper, type MatchAlert } from "./keep-alert.ts";
import { keepRun, type RunDrawing, type RunKeeper } from "./keep-run.ts";
import { createLedger } from "./ledger.ts";
import { createPace } from "./pace.ts";
import type { Sender, Sent } from "./sender.ts";
import { createSubjects, type Pass, type Subjects } from "./subjects.ts";
import { createTurns } from "./turns.ts";

/** Publisher keeps Slack's messages as the stored state wants them. It is told only that something changed, never what. */
export type Publisher = {
  readonly touchRun: (runId: string) => void;
  readonly touchAlert: (groupKey: string) => void;
  /** Looks at everything that a process before this one may have left untrue: open runs, those that ended within a day, alerts. Never rejects. */
  readonly catchUp: () => Promise<void>;
  readonly idle: () => Promise<void>;
};

/** What a publisher is made of. */
export type PublisherOptions = RunDrawing & {
  readonly outgoing: Outgoing;
  readonly runs: RunService;
  readonly alerts: AlertStore;
  readonly messages: MessageStore;
  readonly match: MatchAlert;
  readonly titleOf: (runbook: string) => string | undefined;
  readonly channel: string;
  readonly clock: Clock;
  readonly delay: Delay;
  readonly signal: AbortSignal;
  readonly logger: Logger;
};

/** Slack takes about one post a second in a channel and fifty edits a minute in a workspace. */
const POSTS = { perMinute: 60, burst: 10 };
const EDITS = { perMinute: 40, burst: 20 };

/** Makes a publisher. */
export function createPublisher(options: PublisherOptions): Publisher {
  // Subjects that a process before this one may have posted about without having stored it.
  const unsure = new Set<string>();
  // Until it is known which those are, every subject may be one.
  let caughtUp = false;
  const sender = createSender(options);
  const keepers = createKeepers(options, sender, (subject) => !caughtUp || unsure.has(subject));
  const pass = async (subject: string): Promise<Pass> => {
    await sender.ledger.flush();
    const againMs = await keepers.keep(subject);
    if (againMs !== undefined) return { done: false, againMs };
    unsure.delete(subject);
    return { done: true };
  };
  const subjects: Subjects = createSubjects({ ...options, pass });
  return {
    touchRun: (runId) => subjects.touch(`run:${runId}`),
    touchAlert: (groupKey) => subjects.touch(`alert:${groupKey}`),
    idle: subjects.idle,
    catchUp: async () => {
      const touch = (subject: string): void => {
        unsure.add(subject);
        subjects.touch(subject);
      };
      await catchUp({ ...options, noteGroup: keepers.noteGroup, touch });
      caughtUp = true;
    },
  };
}

function createSender(options: PublisherOptions): Sender {
  const { messages, clock, delay, signal } = options;
  return {
    ...options,
    ledger: createLedger(messages, clock),
    posts: createPace({ ...POSTS, clock, delay, signal }),
    updates: createPace({ ...EDITS, clock, delay, signal }),
  };
}

type Keepers = Pick<RunKeeper, "noteGroup"> & { readonly keep: (subject: string) => Promise<number | undefined> };

function createKeepers(options: PublisherOptions, sender: Sender, isUnsure: (subject: string) => boolean): Keepers {
  const groups = new Map<string, Set<string>>();
  const runsOf = (group: string): readonly string[] => [...(groups.get(group) ?? [])];
  const noteGroup = (runId: string, group: string): void =>
    void groups.set(group, (groups.get(group) ?? new Set()).add(runId));
  const alertKeeper: AlertKeeper = { ...options, sender, runsOf };
  const inTurn = createTurns();
  // An alert's card is kept by its own subject and by those of its runs: one after the other, so that it is posted once.
  const alertRoot = async (group: string): Promise<Sent> =>
    await inTurn(group, async () => await keepAlert(alertKeeper, group, isUnsure(`alert:${group}`)));
  const runKeeper: RunKeeper = { sender, runs: options.runs, draw: options, noteGroup, alertRoot };
  const keep = async (subject: string): Promise<number | undefined> => {
    if (subject.startsWith("run:")) return await keepRun(runKeeper, subject.slice("run:".length), isUnsure(subject));
    return (await alertRoot(subject.slice("alert:".length))).againMs;
  };
  return { keep, noteGroup };
}
