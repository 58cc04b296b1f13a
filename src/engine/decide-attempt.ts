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
  const { outcome, at } = command;
  const { step } = phase;
  const deadline = at + verifyWithin(phase.plan, program);
  if (outcome.ok)
    return happened({ type: "ProbeBegun", at, step, cause: "verify", output: outcome.value, deadline, why: undefined });
  if (NOTHING_DONE.includes(outcome.failure.reason))
    return happened(...fail(run, { step, failure: outcome.failure, at, program }));
  return happened({
    type: "ProbeBegun",
    at,
    step,
    cause: "no-answer",
    output: {},
    deadline,
    why: outcome.failure.message,
  });
}

/** The process that was about to call is dead: whether it did is read, never assumed, and never tried again. */
export function interrupted(phase: Extract<Phase, { name: "attempted" }>, at: number, program: Program): RunEvent {
  const why = "the program ended between recording the attempt and its answer";
  return {
    type: "ProbeBegun",
    at,
    step: phase.step,
    cause: "interrupted",
    output: {},
    deadline: at + verifyWithin(phase.plan, program),
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
  if (command.verdict === "unknown") return happened({ type: "OutcomeUnknown", at, step: phase.step, evidence });
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

function provenNotDone(run: OpenRun, phase: Probing, { at, evidence, program }: Proof): readonly RunEvent[] {
  const { step, cause, plan } = phase;
  if (cause === "verify") {
    const message = `${plan.call.name} was answered well, but its effect is not there: ${evidence}`;
    return fail(run, { step, failure: { reason: "refused", message, retryable: false }, at, program });
  }
  const text = `After ${describe(cause)}: ${evidence}. The call took no effect; making it needs a new approval.`;
  return [
    { type: "Said", at, text, by: undefined },
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
