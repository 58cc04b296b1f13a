import type { FailureReason } from "../lib/failure.ts";
import { exhaustive } from "../lib/exhaustive.ts";
import { advance, fail } from "./advance.ts";
import type { RunCommand } from "./commands.ts";
import { followedBy, happened, nothing, type Decision } from "./decision.ts";
import type { RunEvent } from "./events.ts";
import type { Program } from "./program.ts";
import type { OpenRun, Phase, Plan, Probing } from "./run.ts";

type Command<T extends RunCommand["type"]> = Extract<RunCommand, { type: T }>;

/** Failures by which the server said clearly that it did nothing. After any other the effect is probed. */
const NOTHING_DONE: readonly FailureReason[] = [
  "sealed",
  "standby",
  "uninitialized",
  "no-leader",
  "denied",
  "not-found",
  "rate-limited",
  "wrong-cluster",
  "refused",
];

/** The call answered, failed clearly, or gave no clear answer. A good answer is not believed before the effect was seen. */
export function recordPerformed(command: Command<"RecordPerformed">, run: OpenRun, program: Program): Decision {
  const { phase } = run;
  if (phase.name !== "attempted" || phase.attempt.id !== command.attempt) return nothing;
  // An instance that lost the run while it called: what its call did is looked for, its word is not taken.
  if (command.epoch !== run.epoch) return nothing;
  const { outcome, at, credential } = command;
  const { step } = phase;
  const deadline = at + verifyWithin(phase.plan, program);
  const told: RunEvent[] = credential === undefined ? [] : [{ type: "Said", at, text: credential, by: undefined }];
  if (outcome.ok) {
    const { value: output } = outcome;
    return happened(...told, { type: "ProbeBegun", at, step, cause: "verify", output, deadline, why: undefined });
  }
  if (NOTHING_DONE.includes(outcome.failure.reason))
    return happened(...followedBy(run, told, (state) => fail(state, { step, failure: outcome.failure, at, program })));
  return happened(...told, {
    type: "ProbeBegun",
    at,
    step,
    cause: "no-answer",
    output: {},
    deadline,
    why: outcome.failure.message,
  });
}

/**
 * The process that was about to call is dead, or sleeps: whether it did is read, never assumed. Until the attempt's own deadline it may still
 * wake up and call, so "not done" is not believed before; for a call that may be repeated that would be waiting for nothing.
 */
export function interrupted(phase: Extract<Phase, { name: "attempted" }>, at: number, program: Program): RunEvent {
  const why = "the program ended between recording the attempt and its answer";
  const quiet = phase.plan.effect === "once" ? Math.max(at, phase.attempt.deadline) : at;
  return {
    type: "ProbeBegun",
    at,
    step: phase.step,
    cause: "interrupted",
    output: {},
    deadline: quiet + verifyWithin(phase.plan, program),
    why,
  };
}

/** The effect was looked for. */
export function recordProbe(command: Command<"RecordProbe">, run: OpenRun, program: Program): Decision {
  const { phase } = run;
  if (phase.name !== "probing" || phase.attempt.id !== command.attempt) return nothing;
  const { at, evidence } = command;
  if (command.verdict === "done") return happened(...provenDone(run, phase, { at, evidence, program }));
  if (at < phase.deadline) return nothing;
  if (command.verdict === "unknown") return happened(...outcomeUnknown(run, phase, { at, evidence, program }));
  return happened(...provenNotDone(run, phase, { at, evidence, program }));
}

type Proof = { readonly at: number; readonly evidence: string; readonly program: Program };

function provenDone(run: OpenRun, phase: Probing, { at, evidence, program }: Proof): readonly RunEvent[] {
  const text =
    phase.cause === "verify"
      ? evidence
      : `${evidence} (found after ${describe(phase.cause)}; the call was not made again)`;
  const succeeded: RunEvent = {
    type: "StepSucceeded",
    at,
    step: phase.step,
    result: phase.output,
    text,
    by: undefined,
  };
  return followedBy(run, [succeeded], (state) => advance(state, at, program));
}

/** Nobody can tell: people decide. A run that is being aborted says so and ends. */
function outcomeUnknown(run: OpenRun, phase: Probing, { at, evidence, program }: Proof): readonly RunEvent[] {
  if (run.cancelling === undefined) return [{ type: "OutcomeUnknown", at, step: phase.step, evidence }];
  const message = `whether ${phase.plan.call.name} took effect is not known: ${evidence}`;
  return fail(run, {
    step: phase.step,
    failure: { reason: "server-error", message, retryable: false },
    at,
    program,
  });
}

function provenNotDone(run: OpenRun, phase: Probing, { at, evidence, program }: Proof): readonly RunEvent[] {
  const { step, cause, plan } = phase;
  if (cause === "verify" || run.cancelling !== undefined) {
    const answered = cause === "verify" ? " was answered well, but its effect is not there" : " took no effect";
    const message = `${plan.call.name}${answered}: ${evidence}`;
    return fail(run, { step, failure: { reason: "refused", message, retryable: false }, at, program });
  }
  const text = `After ${describe(cause)}: ${evidence}. The call took no effect`;
  const gate = run.gates.findLast((record) => record.gate.step === step)?.gate;
  // A call that may be repeated is, while people's word stands; one that may not is asked for anew.
  if (plan.effect === "idempotent" && gate !== undefined && at < gate.expiresAt) {
    return [
      { type: "Said", at, text: `${text}; it may be repeated, and its approval still stands.`, by: undefined },
      { type: "RecheckBegun", at, step, gate },
    ];
  }
  return [
    { type: "Said", at, text: `${text}; making it needs a new approval.`, by: undefined },
    { type: "PlanRequested", at, step, call: plan.call },
  ];
}

function describe(cause: Probing["cause"]): string {
  switch (cause) {
    case "verify":
      return "the answer";
    case "interrupted":
      return "an interruption of the program";
    case "no-answer":
      return "a call without a clear answer";
    default:
      return exhaustive(cause);
  }
}

function verifyWithin(plan: Plan, program: Program): number {
  return program.actions.get(plan.call.name)?.verifyWithinMs ?? 10_000;
}
