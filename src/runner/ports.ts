import type { Actor } from "../access/person.ts";
import type { Timestamp } from "../lib/clock.ts";
import type { RunEvent } from "../engine/events.ts";
import type { FinishedRun, OpenRun, Origin } from "../engine/run.ts";

/** A stored event: its place in the run, and the chain's hash up to it. */
export type StoredEvent = { readonly sequence: number; readonly event: RunEvent; readonly hash: string };

/** RunStore keeps the timelines of runs: append-only, chained, one writer wins (contract suite: test/contracts/run-store.contract.ts). */
export type RunStore = {
  /** Appends events durably, all or none, when the run has exactly `expected` events; throws `ConcurrencyError` otherwise. */
  readonly append: (runId: string, expected: number, events: readonly RunEvent[]) => Promise<void>;
  /** Reads a run's events in order; empty when there is no such run. */
  readonly read: (runId: string) => Promise<readonly StoredEvent[]>;
  /** Lists run ids, newest first. */
  readonly list: (filter: { readonly open?: boolean; readonly limit: number }) => Promise<readonly string[]>;
  /** Recomputes the chain of a run; gives the sequence of the first event that does not fit, or undefined when all do. */
  readonly verify: (runId: string) => Promise<number | undefined>;
};

/** Holders tells which program instances live, so that an attempt of a dead one is probed and of a living one is not. */
export type Holders = {
  readonly beat: (holder: string, at: Timestamp) => void;
  readonly isAlive: (holder: string, at: Timestamp) => boolean;
  readonly leave: (holder: string) => void;
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

/** A message that was sent, so that it can be found and made true again. `key` is ours, for instance `run:R1/card`. */
export type SentMessage = {
  readonly key: string;
  readonly channel: string;
  readonly ts: string;
  readonly digest: string;
};

/** MessageStore remembers what was sent where (Slack's channel and ts), so that a restart edits and never posts again. */
export type MessageStore = {
  readonly get: (key: string) => Promise<SentMessage | undefined>;
  readonly put: (message: SentMessage) => Promise<void>;
  readonly list: (prefix: string) => Promise<readonly SentMessage[]>;
};

/** What someone asks of a run, from any surface. */
export type RunRequest =
  | {
      readonly type: "approve";
      readonly runId: string;
      readonly gateId: string;
      readonly by: Actor;
      readonly phrase?: string;
    }
  | {
      readonly type: "reject";
      readonly runId: string;
      readonly gateId: string;
      readonly by: Actor;
      readonly reason: string;
    }
  | { readonly type: "confirm-manual"; readonly runId: string; readonly step: string; readonly by: Actor }
  | { readonly type: "retry"; readonly runId: string; readonly step: string; readonly by: Actor }
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
  | { readonly type: "abort"; readonly runId: string; readonly by: Actor; readonly reason: string };

/** StartRequest begins a run. Inputs come as text and are checked against the runbook. */
export type StartRequest = {
  readonly runbook: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly by: Actor;
  readonly origin: Origin;
};

/** An answer that a person sees: it happened, or a sentence that says why not. */
export type RunAnswer = { readonly ok: true; readonly runId: string } | { readonly ok: false; readonly why: string };

/** A loaded run with the head of its chain. */
export type LoadedRun = { readonly run: OpenRun | FinishedRun; readonly version: number; readonly head: string };

/** RunService is what the surfaces (Slack, web, CLI, webhook) know of runs. */
export type RunService = {
  readonly start: (request: StartRequest) => Promise<RunAnswer>;
  readonly ask: (request: RunRequest) => Promise<RunAnswer>;
  readonly get: (runId: string) => Promise<LoadedRun | undefined>;
  readonly list: (filter: { readonly open?: boolean; readonly limit: number }) => Promise<readonly LoadedRun[]>;
  /** Tells every open run of a group that its alert fires or is resolved. */
  readonly noteAlert: (group: string, status: "firing" | "resolved") => Promise<void>;
  /** Calls back with a run's id after every change; gives the function that ends it. */
  readonly subscribe: (listener: (runId: string) => void) => () => void;
};
