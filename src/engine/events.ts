import type { Person } from "../access/person.ts";
import type { Timestamp } from "../lib/clock.ts";
import type { Failure } from "../lib/failure.ts";
import type { Runbook } from "../runbook/schema.ts";
import type { Attempt, Gate, ManualWatch, Origin, Plan, ProbeCause, ResolvedCall, RunResult, Values } from "./run.ts";

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
  | { readonly type: "PlanRequested"; readonly step: string; readonly call: ResolvedCall }
  | { readonly type: "GateOpened"; readonly gate: Gate }
  | { readonly type: "GateVoted"; readonly gate: string; readonly by: Person }
  | { readonly type: "GateRejected"; readonly gate: string; readonly by: Person; readonly reason: string }
  | { readonly type: "GateExpired"; readonly gate: string }
  | { readonly type: "GateAgreed"; readonly gate: string }
  | { readonly type: "GateVoided"; readonly gate: string; readonly differences: readonly string[] }
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
  | { readonly type: "AlertNoted"; readonly status: "firing" | "resolved" }
  | { readonly type: "RunFinished"; readonly result: RunResult; readonly text: string; readonly by: Person | undefined }
);
