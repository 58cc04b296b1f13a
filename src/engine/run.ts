import type { Person } from "../access/person.ts";
import type { Timestamp } from "../lib/clock.ts";
import type { Danger } from "../lib/danger.ts";
import type { Failure } from "../lib/failure.ts";
import type { Json } from "../lib/json.ts";
import type { Answer, Runbook, StepKind } from "../runbook/schema.ts";

/** Values that steps take and give. */
export type Values = { readonly [key: string]: Json };

/** Where a run came from; `alertGroup` ties it to the alert's card and lets "resolved" reach it. */
export type Origin = {
  readonly surface: "slack" | "cli" | "web" | "alert";
  readonly alertGroup?: string;
};

/** A check or an action with its resolved input: exactly what will be called. */
export type ResolvedCall = { readonly name: string; readonly with: Values };

/** A fact that must hold for a call, with the value it was judged by (see actions/action.ts). */
export type PreconditionValue = {
  readonly name: string;
  readonly ok: boolean;
  readonly value: Json;
  readonly text: string;
};

/** What people approve: the exact call on the exact target, for this text of the runbook, given these facts. */
export type Plan = {
  readonly call: ResolvedCall;
  readonly danger: Exclude<Danger, "observe">;
  readonly effect: "idempotent" | "once";
  readonly cluster: string;
  /** The cluster's own id; undefined when it was never seen unsealed. */
  readonly clusterId: string | undefined;
  readonly runbookDigest: string;
  readonly preconditions: readonly PreconditionValue[];
  readonly explain: { readonly call: string; readonly cost: string; readonly proof: string };
};

/** One person's yes. */
export type Vote = { readonly by: Person; readonly at: Timestamp };

/** Who has a cluster to itself, and since when. */
export type LockHolder = { readonly runId: string; readonly since: Timestamp };

/** A gate: what is asked, of how many, until when. */
export type Gate = {
  readonly id: string;
  readonly step: string;
  readonly plan: Plan;
  /** SHA-256 over the step and all of the plan that a yes is bound to (plan.ts). */
  readonly planHash: string;
  readonly approvals: number;
  /** Neither who started the run nor who is in charge of it may approve. */
  readonly notTheStarter: boolean;
  /** Groups of the configuration; an approver must be in one of them. Empty: everybody with the role. */
  readonly groups: readonly string[];
  /** How long one yes counts, in milliseconds. */
  readonly votesExpireMs: number;
  /** What each approver types, the cluster's name; undefined when nothing need be typed. */
  readonly phrase: string | undefined;
  readonly openedAt: Timestamp;
  readonly expiresAt: Timestamp;
  readonly votes: readonly Vote[];
  /** What differs from the plan of the gate before it, which was voided. */
  readonly differences: readonly string[];
};

/** A gate and what became of it. */
export type GateRecord = {
  readonly gate: Gate;
  /** `broken`: one person went past it in an emergency (break-glass). */
  readonly outcome: "open" | "agreed" | "broken" | "rejected" | "expired" | "voided";
  /** Who went past it alone. */
  readonly brokenBy: Person | undefined;
  /** Who closed it and why, in a sentence; undefined while it is open. */
  readonly text: string | undefined;
  readonly closedAt: Timestamp | undefined;
};

/** An attempt: stored before the call, with who was about to make it. */
export type Attempt = {
  readonly id: string;
  readonly at: Timestamp;
  readonly holder: string;
  /** How often the run had changed hands between program instances: an answer from before is not taken. */
  readonly epoch: number;
  /** After it the call cannot leave any more: it is ended by then, and so is its token. */
  readonly deadline: Timestamp;
  readonly approvedBy: readonly Person[];
};

/**
 * What an open run does or waits for right now. `between` stands only inside one decision: every decision that leaves the run open
 * leaves it in another phase.
 */
export type Phase =
  | { readonly name: "between" }
  | { readonly name: "checking"; readonly step: string; readonly call: ResolvedCall }
  | Waiting
  | Manual
  | Asking
  | {
      readonly name: "locking";
      readonly step: string;
      readonly call: ResolvedCall;
      readonly heldBy: LockHolder | undefined;
    }
  | { readonly name: "planning"; readonly step: string; readonly call: ResolvedCall }
  /** The call waits until the alert fires again or a person re-opens the run. */
  | { readonly name: "held"; readonly step: string; readonly call: ResolvedCall }
  | { readonly name: "gate"; readonly step: string; readonly gate: Gate }
  | { readonly name: "rechecking"; readonly step: string; readonly gate: Gate }
  | { readonly name: "attempted"; readonly step: string; readonly plan: Plan; readonly attempt: Attempt }
  | Probing
  | Unknown
  | { readonly name: "stuck"; readonly step: string; readonly failure: Failure };

/** The run polls a check until an expression is true. */
export type Waiting = {
  readonly name: "waiting";
  readonly step: string;
  readonly call: ResolvedCall;
  readonly everyMs: number;
  readonly deadline: Timestamp;
  readonly progress: string | undefined;
};

/** A human is asked. */
export type Asking = {
  readonly name: "asking";
  readonly step: string;
  readonly text: string;
  readonly answer: Answer;
};

/** A human works; the run may watch for the effect. */
export type Manual = {
  readonly name: "manual";
  readonly step: string;
  readonly text: string;
  readonly commands: readonly string[];
  readonly watch: ManualWatch | undefined;
  readonly progress: string | undefined;
};

/** A call was made, or may have been; the run reads whether its effect is there. */
export type Probing = {
  readonly name: "probing";
  readonly step: string;
  readonly plan: Plan;
  readonly attempt: Attempt;
  readonly cause: ProbeCause;
  /** What the call answered; empty when it did not. */
  readonly output: Values;
  /** Until then "not done" and "unknown" may still become "done". */
  readonly deadline: Timestamp;
};

/** Nobody can tell whether the call took effect: people decide. */
export type Unknown = {
  readonly name: "unknown";
  readonly step: string;
  readonly plan: Plan;
  readonly attempt: Attempt;
  readonly evidence: string;
};

/** The check that watches for the effect of a human's work. */
export type ManualWatch = { readonly call: ResolvedCall; readonly everyMs: number };

/** Why an effect is probed: to believe no answer without a look, because the process died, or because no clear answer came. */
export type ProbeCause = "verify" | "interrupted" | "no-answer";

/**
 * How a step ended, or how it stands. `planned` is a dry run's word for what only a real run does. A step inside a block appears when the block
 * begins, right after it.
 */
export type StepRecord = {
  /** Its path: `restart`, `rolling[2].restart`, `look.seal` (runbook/step-path.ts). */
  readonly id: string;
  readonly kind: StepKind;
  readonly title: string;
  readonly status: "pending" | "running" | "done" | "failed" | "skipped" | "planned";
  /** What people read in the thread: the result in a sentence. */
  readonly text: string | undefined;
  readonly startedAt: Timestamp | undefined;
  readonly endedAt: Timestamp | undefined;
  /** Who ended it by their word; undefined when the program did. */
  readonly by: Person | undefined;
  /** How often it was begun; a retry counts. 0 for a step that was not needed. */
  readonly attempts: number;
};

/** What every run has, from its first event on. */
type Begun = {
  readonly id: string;
  readonly runbook: Runbook;
  /** The file's text as it was; editing the file never changes a run. */
  readonly runbookText: string;
  /** SHA-256 of that text and of the texts of all that it includes. */
  readonly runbookDigest: string;
  /** The runbooks that it includes, by id, as they were. */
  readonly included: { readonly [id: string]: Runbook };
  readonly cluster: string;
  readonly inputs: Values;
  readonly startedBy: Person;
  readonly startedAt: Timestamp;
  /** Who is in charge of it: who started it, until another person takes over. */
  readonly assignee: Person;
  readonly origin: Origin;
  /** Reads and plans; changes nothing. */
  readonly dryRun: boolean;
  /** Carried out to practise. */
  readonly drill: boolean;
  /** The program instance that carries the run; another takes over only when it is dead. */
  readonly driver: string;
  /** How often the driver changed. */
  readonly epoch: number;
  /** How many calls were attempted so far. */
  readonly attempts: number;
  readonly steps: readonly StepRecord[];
  /** Outputs by step id, for expressions. */
  readonly results: { readonly [step: string]: Values };
  /** What was said, in order (notes, `say` steps, decisions). */
  readonly notes: readonly Note[];
  /** Every gate that was opened, in order, with its outcome: what a message about it shows. */
  readonly gates: readonly GateRecord[];
  readonly alert: "firing" | "resolved" | "none";
  /** Since its alert was resolved a person said that its calls are needed all the same. */
  readonly reopened: boolean;
  /** Blocks that have begun, by path. */
  readonly blocks: { readonly [path: string]: Block };
  /** Whether the run has the cluster to itself. */
  readonly locked: boolean;
  /** Set from the moment that people aborted it until it ends. */
  readonly cancelling: Cancelling | undefined;
  readonly evidence: readonly Evidence[];
};

/** A block that has begun: the list of a `forEach`, or the inputs of an `include`. */
export type Block = { readonly items: readonly Json[] } | { readonly inputs: Values };

/** A run that is being aborted: what was under way is looked at, then the steps of `onCancel`, until the deadline at the latest. */
export type Cancelling = {
  readonly since: Timestamp;
  readonly by: Person;
  readonly reason: string;
  readonly deadline: Timestamp;
  /** The step whose call was under way, if one was. */
  readonly underWay: string | undefined;
  /** What is known of a call whose outcome nobody can tell. */
  readonly caution: string | undefined;
};

/** Something that a person attached: its digest, and its text when it is short. */
export type Evidence = {
  readonly at: Timestamp;
  readonly by: Person;
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly text: string | undefined;
};

/** A sentence in the run's thread. */
export type Note = { readonly at: Timestamp; readonly text: string; readonly by: Person | undefined };

/** How a run ended; `planned` is the end of a dry run. */
export type RunResult = "resolved" | "stopped" | "failed" | "aborted" | "planned";

/** An open run: always in exactly one phase. */
export type OpenRun = Begun & { readonly status: "open"; readonly phase: Phase };

/** A run that ended. */
export type FinishedRun = Begun & {
  readonly status: "finished";
  readonly result: RunResult;
  readonly text: string;
  readonly finishedAt: Timestamp;
};

/** Run is the state that the events give. */
export type Run = { readonly status: "none" } | OpenRun | FinishedRun;
