import type { Actor, Person, Role } from "../access/person.ts";
import type { Timestamp } from "../lib/clock.ts";
import type { Failure } from "../lib/failure.ts";
import type { Runbook } from "../runbook/schema.ts";
import type { LockHolder, Origin, Plan, PreconditionValue, Values } from "./run.ts";

/** What a read gave: values, or why it could not be made. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

/** What was read before asking people, and again when they agreed. */
export type PreconditionReading = {
  readonly clusterId: string | undefined;
  readonly preconditions: readonly PreconditionValue[];
  readonly explain: Plan["explain"];
};

/** One person goes past a gate in an emergency. `demands` is the role that the configuration asks for; undefined where it allows nobody. */
export type BreakGlass = { readonly reason: string; readonly demands: Role | undefined };

/** RunCommand is what someone, or the runner, asks of a run. Time, ids and answers come in as data. */
export type RunCommand = { readonly at: Timestamp } & (
  | {
      readonly type: "Start";
      readonly runId: string;
      readonly runbook: Runbook;
      readonly runbookText: string;
      readonly runbookDigest: string;
      readonly included: { readonly [id: string]: Runbook };
      readonly dryRun: boolean;
      readonly drill: boolean;
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
  | { readonly type: "RecordLock"; readonly step: string; readonly outcome: Outcome<LockHolder> }
  | {
      readonly type: "Approve";
      readonly gate: string;
      readonly by: Actor;
      readonly phrase?: string;
      /** The hash of the plan that the person saw; another than the gate's is refused. */
      readonly planHash?: string;
      readonly breakGlass?: BreakGlass;
    }
  | { readonly type: "Reject"; readonly gate: string; readonly by: Actor; readonly reason: string }
  | {
      readonly type: "RecordPerformed";
      readonly attempt: string;
      /** The epoch in which the call was begun; the answer of an instance that lost the run since is not taken. */
      readonly epoch: number;
      readonly outcome: Outcome<Values>;
      /** What became of the call's token, in a sentence. */
      readonly credential: string | undefined;
    }
  | {
      readonly type: "RecordProbe";
      readonly attempt: string;
      readonly verdict: "done" | "not-done" | "unknown";
      readonly evidence: string;
    }
  /** The instance `from` that carried the run is dead; `driver` takes it over, unless another was faster. */
  | { readonly type: "TakeOver"; readonly driver: string; readonly from?: string }
  | { readonly type: "ConfirmManual"; readonly step: string; readonly by: Actor }
  | { readonly type: "Answer"; readonly step: string; readonly by: Actor; readonly value: string }
  /** `reason` is needed when the outcome of the step's call is unknown. */
  | { readonly type: "Retry"; readonly step: string; readonly by: Actor; readonly reason?: string }
  /** Calls of the run are needed although its alert is resolved. */
  | { readonly type: "Reopen"; readonly step: string; readonly by: Actor }
  | { readonly type: "Skip"; readonly step: string; readonly by: Actor; readonly reason: string }
  | { readonly type: "MarkDone"; readonly step: string; readonly by: Actor; readonly reason: string }
  | { readonly type: "Abort"; readonly by: Actor; readonly reason: string }
  /** Puts a person in charge: the one who says it, or another. */
  | { readonly type: "Assign"; readonly by: Actor; readonly to: Person }
  | { readonly type: "AddNote"; readonly by: Actor; readonly text: string }
  | {
      readonly type: "Attach";
      readonly by: Actor;
      readonly name: string;
      readonly sha256: string;
      readonly bytes: number;
      readonly text: string | undefined;
    }
  /** Takes the cluster's lock away from the run; it must get it again before its next call. */
  | { readonly type: "LoseLock"; readonly by: Actor; readonly reason: string }
  | { readonly type: "NoteAlert"; readonly status: "firing" | "resolved" }
  /** Time passed: deadlines and expiries are judged by `at`. */
  | { readonly type: "Tick" }
);
