import type { Actor } from "../access/person.ts";
import type { Timestamp } from "../lib/clock.ts";
import type { Failure } from "../lib/failure.ts";
import type { Runbook } from "../runbook/schema.ts";
import type { Origin, Plan, PreconditionValue, Values } from "./run.ts";

/** What a read gave: values, or why it could not be made. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

/** What was read before asking people, and again when they agreed. */
export type PreconditionReading = {
  readonly clusterId: string | undefined;
  readonly preconditions: readonly PreconditionValue[];
  readonly explain: Plan["explain"];
};

/** RunCommand is what someone, or the runner, asks of a run. Time, ids and answers come in as data. */
export type RunCommand = { readonly at: Timestamp } & (
  | {
      readonly type: "Start";
      readonly runId: string;
      readonly runbook: Runbook;
      readonly runbookText: string;
      readonly runbookDigest: string;
      readonly cluster: string;
      readonly inputs: Values;
      readonly by: Actor;
      readonly origin: Origin;
      readonly driver: string;
    }
  | { readonly type: "RecordCheck"; readonly step: string; readonly outcome: Outcome<Values> }
  | { readonly type: "RecordPoll"; readonly step: string; readonly outcome: Outcome<Values> }
  | {
      readonly type: "RecordPreconditions";
      readonly step: string;
      readonly holder: string;
      readonly outcome: Outcome<PreconditionReading>;
    }
  | { readonly type: "Approve"; readonly gate: string; readonly by: Actor; readonly phrase?: string }
  | { readonly type: "Reject"; readonly gate: string; readonly by: Actor; readonly reason: string }
  | { readonly type: "RecordPerformed"; readonly attempt: string; readonly outcome: Outcome<Values> }
  | {
      readonly type: "RecordProbe";
      readonly attempt: string;
      readonly verdict: "done" | "not-done" | "unknown";
      readonly evidence: string;
    }
  /** The instance that carried the run is dead; `driver` takes it over. */
  | { readonly type: "TakeOver"; readonly driver: string }
  | { readonly type: "ConfirmManual"; readonly step: string; readonly by: Actor }
  | { readonly type: "Retry"; readonly step: string; readonly by: Actor }
  | { readonly type: "Skip"; readonly step: string; readonly by: Actor; readonly reason: string }
  | { readonly type: "MarkDone"; readonly step: string; readonly by: Actor; readonly reason: string }
  | { readonly type: "Abort"; readonly by: Actor; readonly reason: string }
  | { readonly type: "NoteAlert"; readonly status: "firing" | "resolved" }
  /** Time passed: deadlines and expiries are judged by `at`. */
  | { readonly type: "Tick" }
);
