import type { Clock } from "../../lib/clock.ts";
import type { Logger } from "../../lib/logger.ts";
import type { AlertStore, MessageStore, RunService } from "../../runner/ports.ts";
import type { Delay } from "../delay.ts";
import type { Outgoing } from "../outgoing.ts";
import type { RunContext } from "../render/run-messages.ts";
import { keepAlert, type AlertKeeper, type MatchAlert } from "./keep-alert.ts";
import { keepRun, type RunKeeper } from "./keep-run.ts";
import { createLedger } from "./ledger.ts";
import { createPace } from "./pace.ts";
import type { Sender, Sent } from "./sender.ts";
import { createSubjects, type Pass, type Subjects } from "./subjects.ts";
import { createTurns } from "./turns.ts";

/** Publisher keeps Slack's messages as the stored state wants them. It is told only that something changed, never what. */
export type Publisher = {
  readonly touchRun: (runId: string) => void;
  readonly touchAlert: (groupKey: string) => void;
  /** Looks at everything that a process before this one may have left untrue: open runs, those that ended within a day, alerts. */
  readonly catchUp: () => Promise<void>;
  readonly idle: () => Promise<void>;
};

/** What a publisher is made of. */
export type PublisherOptions = RunContext & {
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

const DAY_MS = 24 * 60 * 60_000;
const OPEN_RUNS = 1000;
const RECENT_RUNS = 200;

/** Slack takes about one post a second in a channel and fifty edits a minute in a workspace. */
const POSTS = { perMinute: 60, burst: 10 };
const EDITS = { perMinute: 40, burst: 20 };

/** Makes a publisher. */
export function createPublisher(options: PublisherOptions): Publisher {
  const { runs, alerts, clock } = options;
  // Subjects that a process before this one may have posted about without having stored it.
  const unsure = new Set<string>();
  const sender = createSender(options);
  const keepers = createKeepers(options, sender, unsure);
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
      const groups = (await alerts.list()).map((group) => `alert:${group.key}`);
      const listed = [
        ...(await runs.list({ limit: RECENT_RUNS })),
        ...(await runs.list({ open: true, limit: OPEN_RUNS })),
      ];
      const recent = listed.filter(({ run }) => run.status === "open" || run.finishedAt > clock.now() - DAY_MS);
      for (const { run } of listed.toReversed())
        if (run.origin.alertGroup !== undefined) keepers.noteGroup(run.id, run.origin.alertGroup);
      for (const subject of [...groups, ...recent.map(({ run }) => `run:${run.id}`)]) {
        unsure.add(subject);
        subjects.touch(subject);
      }
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

function createKeepers(options: PublisherOptions, sender: Sender, unsure: ReadonlySet<string>): Keepers {
  const groups = new Map<string, Set<string>>();
  const runsOf = (group: string): readonly string[] => [...(groups.get(group) ?? [])];
  const noteGroup = (runId: string, group: string): void =>
    void groups.set(group, (groups.get(group) ?? new Set()).add(runId));
  const alertKeeper: AlertKeeper = { ...options, sender, runsOf };
  const inTurn = createTurns();
  // An alert's card is kept by its own subject and by those of its runs: one after the other, so that it is posted once.
  const alertRoot = async (group: string): Promise<Sent> =>
    await inTurn(group, async () => await keepAlert(alertKeeper, group, unsure.has(`alert:${group}`)));
  const runKeeper: RunKeeper = { sender, runs: options.runs, draw: options, noteGroup, alertRoot };
  const keep = async (subject: string): Promise<number | undefined> => {
    if (subject.startsWith("run:")) return await keepRun(runKeeper, subject.slice("run:".length), unsure.has(subject));
    return (await alertRoot(subject.slice("alert:".length))).againMs;
  };
  return { keep, noteGroup };
}
