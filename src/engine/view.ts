import { exhaustive } from "../lib/exhaustive.ts";
import type { Answer } from "../runbook/schema.ts";
import type { FinishedRun, Gate, LockHolder, OpenRun, ResolvedCall, RunResult, StepRecord } from "./run.ts";

/** What a person may press now; every surface offers the same. */
export type RunChoice =
  "approve" | "reject" | "answer" | "confirm-manual" | "retry" | "reopen" | "skip" | "mark-done" | "abort";

/** GateView is a gate in words: what, why it is safe now, what it costs, what proves success, and who is still needed. */
export type GateView = {
  readonly id: string;
  readonly step: string;
  /** `approve "…" on cluster "prod"`. */
  readonly ask: string;
  readonly call: string;
  readonly facts: readonly string[];
  readonly cost: string;
  readonly proof: string;
  readonly danger: string;
  readonly approvals: number;
  readonly approvedBy: readonly string[];
  readonly notTheStarter: boolean;
  /** Groups that the approvers must be of; empty when the role is enough. */
  readonly groups: readonly string[];
  /** What a yes is bound to; the first 12 characters are enough for people to compare. */
  readonly planHash: string;
  readonly phrase: string | undefined;
  readonly expiresAt: number;
  /** What changed since the approval that was voided. */
  readonly differences: readonly string[];
};

/** RunView is a run in words: one rendering of state for Slack, web and terminal. */
export type RunView = {
  readonly id: string;
  readonly title: string;
  readonly cluster: string;
  readonly state: "running" | "waiting" | RunResult;
  /** One sentence: what the run does or waits for. */
  readonly stateText: string;
  /** Who has to do something now, in words; undefined when nobody has. */
  readonly nextActor: string | undefined;
  readonly steps: readonly StepRecord[];
  readonly currentStep: string | undefined;
  readonly progress: string | undefined;
  readonly gate: GateView | undefined;
  readonly choices: readonly RunChoice[];
  /** What a person is asked, while `choices` has `answer`. */
  readonly question: { readonly text: string; readonly answer: Answer } | undefined;
  /** The run that has the cluster, and since when, while this one waits for it. */
  readonly lockHeldBy: LockHolder | undefined;
  /** Who is in charge. */
  readonly assignee: string;
  readonly dryRun: boolean;
  readonly drill: boolean;
};

/** Says what people see of a run. */
export function viewRun(run: OpenRun | FinishedRun): RunView {
  const { id, cluster, steps, dryRun, drill } = run;
  const common = { id, title: run.runbook.title, cluster, steps, dryRun, drill, assignee: run.assignee.name };
  if (run.status === "finished") {
    return {
      ...common,
      state: run.result,
      stateText: run.text,
      nextActor: undefined,
      currentStep: undefined,
      progress: undefined,
      gate: undefined,
      question: undefined,
      lockHeldBy: undefined,
      choices: [],
    };
  }
  const { phase } = run;
  const standing = describePhase(run);
  return {
    ...common,
    ...standing,
    currentStep: phase.name === "between" ? undefined : phase.step,
    progress: phase.name === "waiting" || phase.name === "manual" ? phase.progress : undefined,
    gate: phase.name === "gate" || phase.name === "rechecking" ? viewGate(phase.gate) : undefined,
    question: phase.name === "asking" ? { text: phase.text, answer: phase.answer } : undefined,
    lockHeldBy: phase.name === "locking" ? phase.heldBy : undefined,
  };
}

/** Says what a gate asks. */
export function viewGate(gate: Gate): GateView {
  const { plan } = gate;
  return {
    id: gate.id,
    step: gate.step,
    ask: `${plan.call.name} on cluster ${plan.cluster}`,
    call: plan.explain.call,
    facts: plan.preconditions.map(({ text }) => text),
    cost: plan.explain.cost,
    proof: plan.explain.proof,
    danger: plan.danger,
    approvals: gate.approvals,
    approvedBy: gate.votes.map((vote) => vote.by.name),
    notTheStarter: gate.notTheStarter,
    groups: gate.groups,
    planHash: gate.planHash,
    phrase: gate.phrase,
    expiresAt: gate.expiresAt,
    differences: gate.differences,
  };
}

type Standing = Pick<RunView, "state" | "stateText" | "nextActor" | "choices">;

// oxlint-disable-next-line complexity -- one case a phase
function describePhase(run: OpenRun): Standing {
  const { phase, cancelling } = run;
  if (cancelling !== undefined)
    return { state: "running", stateText: cancellingText(run), nextActor: undefined, choices: ["abort"] };
  const running = (stateText: string): Standing => ({
    state: "running",
    stateText,
    nextActor: undefined,
    choices: ["abort"],
  });
  const waiting = (stateText: string, nextActor: string, choices: readonly RunChoice[]): Standing => ({
    state: "waiting",
    stateText,
    nextActor,
    choices: [...choices, "abort"],
  });
  switch (phase.name) {
    case "between":
      return running("between two steps");
    case "checking":
      return running(`checking ${phase.call.name}`);
    case "waiting":
      return { ...running(`waiting for ${phase.call.name}`), choices: ["skip", "abort"] };
    case "manual":
      return waiting(
        "waiting for work by a human",
        "whoever does the step",
        phase.watch === undefined ? ["confirm-manual", "skip"] : ["skip"],
      );
    case "asking":
      return waiting("waiting for an answer", "whoever knows it", ["answer", "skip"]);
    case "locking":
      return phase.heldBy === undefined
        ? running("asking for the cluster's lock")
        : waiting(...lockedOut(phase.heldBy));
    case "planning":
      return running(`reading the preconditions of ${phase.call.name}`);
    case "held":
      return waiting(...heldBack(phase.call));
    case "gate":
      return waiting("waiting for approval", whoApproves(phase.gate, run), ["approve", "reject"]);
    case "rechecking":
      return running(`approved; reading the preconditions of ${phase.gate.plan.call.name} again`);
    case "attempted":
      return running(`calling ${phase.plan.call.name}`);
    case "probing":
      return running(`looking whether ${phase.plan.call.name} took effect`);
    case "unknown":
      return waiting(
        `whether ${phase.plan.call.name} took effect is not known: ${phase.evidence}`,
        "an approver, who must find out",
        ["mark-done", "retry"],
      );
    case "stuck":
      return waiting(phase.failure.message, "a responder, who decides how to go on", ["retry", "skip"]);
    default:
      return exhaustive(phase);
  }
}

function heldBack({ name }: ResolvedCall): [string, string, readonly RunChoice[]] {
  return [
    `held back: the alert is resolved, so ${name} is not asked for any more`,
    "a responder, who re-opens the run if it is needed all the same",
    ["reopen", "skip"],
  ];
}

function lockedOut({ runId }: LockHolder): [string, string, readonly RunChoice[]] {
  return [`waiting for the cluster: run ${runId} has it to itself`, `whoever can end run ${runId}`, ["skip"]];
}

function cancellingText({ cancelling, phase }: OpenRun): string {
  const doing =
    phase.name === "attempted" || phase.name === "probing" ? "looking what its call did" : "looking at what is left";
  return `being aborted by ${cancelling?.by.name ?? "someone"}: ${doing}`;
}

function whoApproves(gate: Gate, run: OpenRun): string {
  const missing = gate.approvals - gate.votes.length;
  const people = missing === 1 ? "1 more approver" : `${missing} more approvers`;
  const from = gate.groups.length === 0 ? "" : ` of ${gate.groups.join(" or ")}`;
  const already = gate.votes.length === 0 ? "" : `, after ${gate.votes.map((vote) => vote.by.name).join(" and ")}`;
  const drivers = [...new Set([run.startedBy.name, run.assignee.name])].join(" or ");
  return gate.notTheStarter ? `${people}${from}, not ${drivers}${already}` : `${people}${from}${already}`;
}
