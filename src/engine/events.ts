import type { Person } from "../access/person.ts";
import type { Timestamp } from "../lib/clock.ts";
import type { Failure } from "../lib/failure.ts";
import type { Json } from "../lib/json.ts";
import type { Answer, Runbook } from "../runbook/schema.ts";
import type {
  Attempt,
  Evidence,
  Gate,
  LockHolder,
  ManualWatch,
  Origin,
  Plan,
  ProbeCause,
  ResolvedCall,
  RunResult,
  Values,
} from "./run.ts";

/** RunEvent is what happened in a run: the only thing that is stored. */
export type RunEvent = { readonly at: Timestamp } & (
  | {
      readonly type: "RunStarted";
      readonly runId: string;
      readonly runbook: Runbook;
      readonly runbookText: string;
      readonly runbookDigest: string;
      readonly cluster: string;
      readonly inputs: Values;
      readonly by: Person;
      readonly origin: Origin;
      readonly driver: string;
      /** Absent in what version 0.1 wrote. */
      readonly included?: { readonly [id: string]: Runbook };
      readonly dryRun?: boolean;
      readonly drill?: boolean;
    }
  | { readonly type: "StepStarted"; readonly step: string; readonly title: string }
  | { readonly type: "CheckRequested"; readonly step: string; readonly call: ResolvedCall }
  | {
      readonly type: "WaitBegun";
      readonly step: string;
      readonly call: ResolvedCall;
      readonly everyMs: number;
      readonly deadline: Timestamp;
    }
  | {
      readonly type: "ManualBegun";
      readonly step: string;
      readonly text: string;
      readonly commands: readonly string[];
      readonly watch: ManualWatch | undefined;
    }
  | { readonly type: "AskBegun"; readonly step: string; readonly text: string; readonly answer: Answer }
  | { readonly type: "LoopBegun"; readonly step: string; readonly items: readonly Json[] }
  | { readonly type: "IncludeBegun"; readonly step: string; readonly inputs: Values }
  | { readonly type: "Polled"; readonly step: string; readonly progress: string }
  | {
      readonly type: "StepSucceeded";
      readonly step: string;
      readonly result: Values;
      readonly text: string;
      readonly by: Person | undefined;
    }
  | { readonly type: "StepFailed"; readonly step: string; readonly failure: Failure }
  | { readonly type: "StepSkipped"; readonly step: string; readonly text: string; readonly by: Person | undefined }
  | { readonly type: "StepStuck"; readonly step: string; readonly failure: Failure }
  /** A dry run's end of a step that only a real run carries out. */
  | { readonly type: "StepPlanned"; readonly step: string; readonly text: string; readonly plan: Plan | undefined }
  | { readonly type: "LockRequested"; readonly step: string; readonly call: ResolvedCall }
  | { readonly type: "LockAwaited"; readonly step: string; readonly heldBy: LockHolder }
  | { readonly type: "LockTaken"; readonly step: string; readonly since: Timestamp }
  | { readonly type: "LockLost"; readonly by: Person; readonly reason: string }
  | { readonly type: "PlanRequested"; readonly step: string; readonly call: ResolvedCall }
  | { readonly type: "GateOpened"; readonly gate: Gate }
  | { readonly type: "GateVoted"; readonly gate: string; readonly by: Person }
  | { readonly type: "GateRejected"; readonly gate: string; readonly by: Person; readonly reason: string }
  | { readonly type: "GateExpired"; readonly gate: string }
  | { readonly type: "GateAgreed"; readonly gate: string }
  | { readonly type: "GateBroken"; readonly gate: string; readonly by: Person; readonly reason: string }
  | { readonly type: "GateVoided"; readonly gate: string; readonly differences: readonly string[] }
  /** The call surely took no effect and its approval still stands: its facts are read once more, and it is made again. */
  | { readonly type: "RecheckBegun"; readonly step: string; readonly gate: Gate }
  | { readonly type: "StepAttempted"; readonly step: string; readonly plan: Plan; readonly attempt: Attempt }
  | {
      readonly type: "ProbeBegun";
      readonly step: string;
      readonly cause: ProbeCause;
      readonly output: Values;
      readonly deadline: Timestamp;
      readonly why: string | undefined;
    }
  | { readonly type: "DriverChanged"; readonly driver: string }
  | { readonly type: "OutcomeUnknown"; readonly step: string; readonly evidence: string }
  | { readonly type: "Said"; readonly text: string; readonly by: Person | undefined }
  | { readonly type: "EvidenceAttached"; readonly evidence: Evidence }
  | { readonly type: "Assigned"; readonly to: Person; readonly by: Person }
  | {
      readonly type: "CancelBegun";
      readonly by: Person;
      readonly reason: string;
      readonly deadline: Timestamp;
      readonly underWay: string | undefined;
      readonly caution: string | undefined;
    }
  | { readonly type: "AlertNoted"; readonly status: "firing" | "resolved" }
  /** A call that may hurt waits: the alert is resolved. */
  | { readonly type: "StepHeld"; readonly step: string; readonly call: ResolvedCall }
  | { readonly type: "RunReopened"; readonly by: Person }
  | { readonly type: "RunFinished"; readonly result: RunResult; readonly text: string; readonly by: Person | undefined }
);
