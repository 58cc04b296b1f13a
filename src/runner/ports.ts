import type { Actor, Person } from "../access/person.ts";
import type { Timestamp } from "../lib/clock.ts";
import type { RefusalCode } from "../engine/decision.ts";
import type { RunEvent } from "../engine/events.ts";
import type { FinishedRun, LockHolder, OpenRun, Origin } from "../engine/run.ts";

/** A stored event: its place in the run, and the chain's hash up to it. */
export type StoredEvent = { readonly sequence: number; readonly event: RunEvent; readonly hash: string };

/** RunSummary is what lists and metrics need of a run without its events; it is stored beside them, in the same transaction. */
export type RunSummary = {
  readonly runbook: string;
  readonly cluster: string;
  /** As `RunView.state`: `running`, `waiting`, `resolved` … */
  readonly state: string;
  /** Name of the open run's phase; `finished` when it ended. */
  readonly phase: string;
  readonly startedAt: Timestamp;
  readonly startedBy: string;
  /** Undefined while it is open. */
  readonly finishedAt: Timestamp | undefined;
  /** A drill, or the night itself. */
  readonly drill: boolean;
  /** The program instance that carries it. */
  readonly driver: string;
};

/** A run as lists show it. */
export type ListedRun = { readonly id: string; readonly version: number; readonly summary: RunSummary };

/** Which runs a list holds. */
export type RunFilter = {
  readonly open?: boolean;
  readonly cluster?: string;
  readonly runbook?: string;
  readonly limit: number;
};

/** RunStore keeps the timelines of runs: append-only, chained, one writer wins (contract suite: test/contracts/run-store.contract.ts). */
export type RunStore = {
  /**
   * Appends events durably, all or none, when the run has exactly `expected` events; throws `ConcurrencyError` otherwise. A `RunFinished`
   * closes the run and gives back its lock in the same transaction.
   */
  readonly append: (runId: string, expected: number, events: readonly RunEvent[], summary: RunSummary) => Promise<void>;
  /** Reads a run's events in order; empty when there is no such run. */
  readonly read: (runId: string) => Promise<readonly StoredEvent[]>;
  /** Lists runs, newest first. */
  readonly list: (filter: RunFilter) => Promise<readonly ListedRun[]>;
  /** Recomputes the chain of a run; gives the sequence of the first event that does not fit, or undefined when all do. */
  readonly verify: (runId: string) => Promise<number | undefined>;
  /** Calls back with the id of each run that another process changed, where the store can tell; gives the function that ends it. */
  readonly watch: (listener: (runId: string) => void) => () => void;
};

/**
 * ClusterLocks lets one disruptive run at a time have a cluster. A lock belongs to a run and not to a process: it has no time-out, it is
 * given back when its run ends (`RunStore.append`), and nobody takes it silently.
 */
export type ClusterLocks = {
  /** Takes the lock of a cluster for a run, or tells who has it. A run that has it already keeps it with its time. */
  readonly acquire: (cluster: string, runId: string, at: Timestamp) => Promise<LockHolder>;
  /** Takes the lock away from the run that has it; false when it does not. Only after that run's timeline says so. */
  readonly release: (cluster: string, runId: string) => Promise<boolean>;
  readonly list: () => Promise<readonly (LockHolder & { readonly cluster: string })[]>;
};

/**
 * Holders tells which program instances live, so that an attempt of a dead one is probed and of a living one is not. An instance holds a
 * lease of 30 s that every beat renews; where the store has a clock of its own (PostgreSQL), that clock judges and `at` is ignored.
 */
export type Holders = {
  readonly beat: (holder: string, at: Timestamp) => Promise<void>;
  readonly isAlive: (holder: string, at: Timestamp) => Promise<boolean>;
  readonly leave: (holder: string) => Promise<void>;
};

/** An alert group as Alertmanager last told it. */
export type AlertGroup = {
  /** Alertmanager's group key. */
  readonly key: string;
  readonly status: "firing" | "resolved";
  readonly receivedAt: Timestamp;
  readonly startsAt: Timestamp;
  readonly alerts: readonly AlertFact[];
};

/** One alert of a group. Everything in it is foreign text. */
export type AlertFact = {
  readonly fingerprint: string;
  readonly status: "firing" | "resolved";
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: Timestamp;
  readonly endsAt: Timestamp | undefined;
};

/** AlertStore keeps the alert groups; a group is stored before the webhook is answered. */
export type AlertStore = {
  readonly put: (group: AlertGroup) => Promise<void>;
  readonly get: (key: string) => Promise<AlertGroup | undefined>;
  readonly list: () => Promise<readonly AlertGroup[]>;
};

/**
 * A message that was sent, so that it can be found and made true again. `key` is ours, for instance `run:R1/card`. It is put before it is
 * posted, without a `ts`: then nobody knows whether the post arrived, and whoever finds it so looks for it in Slack before posting again.
 */
export type SentMessage = {
  readonly key: string;
  readonly channel: string;
  readonly ts: string | undefined;
  readonly digest: string;
};

/** MessageStore remembers what was sent where (Slack's channel and ts), so that a restart edits and never posts again. */
export type MessageStore = {
  readonly get: (key: string) => Promise<SentMessage | undefined>;
  readonly put: (message: SentMessage) => Promise<void>;
  readonly list: (prefix: string) => Promise<readonly SentMessage[]>;
};

/** A subject that Slack may be untrue about: `run:<id>`, `alert:<group key>`, `home:<member id>`. */
export type OutboxItem = {
  readonly subject: string;
  /** Rises with every change of any subject and is never used twice. */
  readonly revision: number;
  /** When it last changed. */
  readonly changedAt: Timestamp;
};

/**
 * Outbox keeps which subjects must still be shown in Slack; never what of them, which is drawn from the stored state when it is sent, so that
 * the latest state wins. A run and an alert group are noted by `RunStore.append` and `AlertStore.put`, in the transaction of the change.
 * (Contract suite: test/store/outbox.contract.ts.)
 */
export type Outbox = {
  /** Says that a subject changed, and is due now. */
  readonly note: (subject: string, at: Timestamp) => Promise<void>;
  /** Lists what is due at a moment; what changed first is first. */
  readonly due: (at: Timestamp, limit: number) => Promise<readonly OutboxItem[]>;
  /** When the next that is not due yet will be; undefined when there is none. */
  readonly nextDueAt: (after: Timestamp) => Promise<Timestamp | undefined>;
  /** Takes a subject off the list, or puts it aside until `againAt`; false, and nothing happens, when it changed since. */
  readonly settle: (item: Pick<OutboxItem, "subject" | "revision">, againAt?: Timestamp) => Promise<boolean>;
  /** How many subjects are due at a moment, and when the oldest of them changed; for metrics. */
  readonly backlog: (at: Timestamp) => Promise<{ readonly count: number; readonly oldestAt: Timestamp | undefined }>;
  /**
   * Calls back after something was noted: at once for this process' own appends, alerts and notes, and for other replicas' where the store can tell
   * (PostgreSQL; also after the connection was lost, when something may have been missed). It must not throw. Gives the function that ends it.
   */
  readonly watch: (listener: () => void) => () => void;
};

/**
 * Inbox tells whether something that Slack delivered was taken before, by any replica: Slack repeats, and so may somebody who recorded a
 * request. (Contract suite: test/store/inbox.contract.ts.)
 */
export type Inbox = {
  /** True for the first who asks about an id, false for everybody else within an hour. */
  readonly first: (id: string, at: Timestamp) => Promise<boolean>;
};

/** What someone asks of a run, from any surface. */
export type RunRequest =
  | {
      readonly type: "approve";
      readonly runId: string;
      readonly gateId: string;
      readonly by: Actor;
      readonly phrase?: string;
      /** The hash of the plan that the person saw: another than the gate's now is refused. */
      readonly planHash?: string;
      /** One person goes past the gate, where the configuration allows it, and why. */
      readonly breakGlass?: { readonly reason: string };
    }
  | {
      readonly type: "reject";
      readonly runId: string;
      readonly gateId: string;
      readonly by: Actor;
      readonly reason: string;
    }
  | { readonly type: "confirm-manual"; readonly runId: string; readonly step: string; readonly by: Actor }
  | {
      readonly type: "answer";
      readonly runId: string;
      readonly step: string;
      readonly by: Actor;
      readonly value: string;
    }
  | {
      readonly type: "retry";
      readonly runId: string;
      readonly step: string;
      readonly by: Actor;
      /** Needed when the outcome of the step's call is unknown. */
      readonly reason?: string;
    }
  | { readonly type: "reopen"; readonly runId: string; readonly step: string; readonly by: Actor }
  | {
      readonly type: "skip";
      readonly runId: string;
      readonly step: string;
      readonly by: Actor;
      readonly reason: string;
    }
  | {
      readonly type: "mark-done";
      readonly runId: string;
      readonly step: string;
      readonly by: Actor;
      readonly reason: string;
    }
  | { readonly type: "assign"; readonly runId: string; readonly by: Actor; readonly to: Person }
  | { readonly type: "note"; readonly runId: string; readonly by: Actor; readonly text: string }
  | {
      readonly type: "attach";
      readonly runId: string;
      readonly by: Actor;
      readonly name: string;
      readonly sha256: string;
      readonly bytes: number;
      readonly text: string | undefined;
    }
  | { readonly type: "break-lock"; readonly runId: string; readonly by: Actor; readonly reason: string }
  | { readonly type: "abort"; readonly runId: string; readonly by: Actor; readonly reason: string };

/** StartRequest begins a run. Inputs come as text and are checked against the runbook. */
export type StartRequest = {
  readonly runbook: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly by: Actor;
  readonly origin: Origin;
  /** Reads and plans only. */
  readonly dryRun?: boolean;
  /** Carried out to practise. */
  readonly drill?: boolean;
};

/** An answer that a person sees: it happened, or a sentence that says why not. */
export type RunAnswer =
  | { readonly ok: true; readonly runId: string }
  | { readonly ok: false; readonly why: string; readonly code: RefusalCode | "no-such-runbook" | "inputs" | "secret" };

/** A loaded run with the head of its chain. */
export type LoadedRun = { readonly run: OpenRun | FinishedRun; readonly version: number; readonly head: string };

/** RunService is what the surfaces (Slack, web, CLI, webhook) know of runs. */
export type RunService = {
  readonly start: (request: StartRequest) => Promise<RunAnswer>;
  readonly ask: (request: RunRequest) => Promise<RunAnswer>;
  readonly get: (runId: string) => Promise<LoadedRun | undefined>;
  readonly list: (filter: RunFilter) => Promise<readonly LoadedRun[]>;
  /** Lists runs without loading them. */
  readonly summaries: (filter: RunFilter) => Promise<readonly ListedRun[]>;
  /** Tells every open run of a group that its alert fires or is resolved. */
  readonly noteAlert: (group: string, status: "firing" | "resolved") => Promise<void>;
  /** Calls back with a run's id after every change; gives the function that ends it. */
  readonly subscribe: (listener: (runId: string) => void) => () => void;
};
