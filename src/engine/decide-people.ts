import type { Person } from "../access/person.ts";
import { readInputText } from "../runbook/input-value.ts";
import { abortedText, advance, startStep } from "./advance.ts";
import { stepOf } from "./blocks.ts";
import type { RunCommand } from "./commands.ts";
import { endsByWord, manualPhase } from "./decide-check.ts";
import { followedBy, happened, refuse, type Decision } from "./decision.ts";
import type { RunEvent } from "./events.ts";
import type { Program } from "./program.ts";
import { requestCall } from "./request-call.ts";
import { lacksRole, personOf } from "./roles.ts";
import type { Cancelling, OpenRun, Phase, Values } from "./run.ts";

type Command<T extends RunCommand["type"]> = Extract<RunCommand, { type: T }>;

/** How long an aborted run may still look at what it leaves behind, in milliseconds. */
const CANCEL_WITHIN_MS = 120_000;

/** A second abort cuts short what the first still looks at; one click made twice does not, in milliseconds. */
const AGAIN_AFTER_MS = 5000;

/** A human says that the manual work is done. A step that watches ends only by what is seen. */
export function confirmManual(command: Command<"ConfirmManual">, run: OpenRun, program: Program): Decision {
  const denied = lacksRole(command.by, "responder", "confirm steps");
  if (denied !== undefined) return denied;
  const phase = manualPhase(run, command.step);
  if (phase === undefined) return refuse("not-now", "this step no longer waits for anyone");
  const step = stepOf(run, command.step);
  if (!("manual" in step) || !endsByWord(step))
    return refuse(
      "not-now",
      `this step ends by itself when the effect is seen (${phase.progress ?? "nothing seen yet"})`,
    );
  return happened(...endStep(run, { command, result: {}, text: `done, says ${command.by.name}` }, program));
}

/** A human answers what a step asks. */
export function answer(command: Command<"Answer">, run: OpenRun, program: Program): Decision {
  const denied = lacksRole(command.by, "responder", "answer");
  if (denied !== undefined) return denied;
  const { phase } = run;
  if (phase.name !== "asking" || phase.step !== command.step)
    return refuse("not-now", "this step no longer waits for an answer");
  const read = readInputText(phase.answer, command.value);
  if (!read.ok) return refuse("answer", `the answer does not fit: ${read.why}`);
  const text = `${command.by.name} answered: ${command.value}`;
  return happened(...endStep(run, { command, result: { answer: read.value }, text }, program));
}

/** Begins a stuck step again. */
export function retry(command: Command<"Retry">, run: OpenRun, program: Program): Decision {
  const denied = lacksRole(command.by, "responder", "retry steps");
  if (denied !== undefined) return denied;
  if (run.phase.name === "unknown" && run.phase.step === command.step)
    return retryUnknown(command, run, { call: run.phase.plan.call, program });
  const record = run.steps.find(({ id }) => id === command.step);
  if (record === undefined || !isAt(run.phase, command.step, ["stuck"]))
    return refuse("not-now", "this step is not waiting for a retry");
  return happened(...startStep(run, record, command.at, program));
}

/** Leaves out a step that is stuck, waits, or waits for a human; the reason is recorded. */
export function skip(command: Command<"Skip">, run: OpenRun, program: Program): Decision {
  const denied = lacksRole(command.by, "responder", "skip steps");
  if (denied !== undefined) return denied;
  if (!isAt(run.phase, command.step, ["stuck", "waiting", "manual", "asking", "locking", "held"]))
    return refuse("not-now", "this step cannot be skipped now");
  if (command.reason.trim() === "") return refuse("reason-missing", "say why the step is left out");
  const text = `skipped by ${command.by.name}: ${command.reason}`;
  const skipped: RunEvent = { type: "StepSkipped", at: command.at, step: command.step, text, by: personOf(command.by) };
  return happened(...followedBy(run, [skipped], (state) => advance(state, command.at, program)));
}

/** A human found out what the program could not: the call took effect. */
export function markDone(command: Command<"MarkDone">, run: OpenRun, program: Program): Decision {
  const denied = lacksRole(command.by, "approver", "decide what an unknown call did");
  if (denied !== undefined) return denied;
  if (!isAt(run.phase, command.step, ["unknown"])) return refuse("not-now", "this step's outcome is not unknown");
  if (command.reason.trim() === "") return refuse("reason-missing", "say how you know that it took effect");
  const text = `marked done by ${command.by.name}: ${command.reason}`;
  return happened(...endStep(run, { command, result: {}, text }, program));
}

/**
 * Ends the run, in whatever state it is. A call that is under way is still looked for, and the steps of `onCancel` are carried out, for two
 * minutes at most; who aborts a second time ends that too.
 */
export function abort(command: Command<"Abort">, run: OpenRun, program: Program): Decision {
  const denied = lacksRole(command.by, "responder", "abort runs");
  if (denied !== undefined) return denied;
  const { at } = command;
  const by = personOf(command.by);
  if (run.cancelling !== undefined) {
    if (at < run.cancelling.since + AGAIN_AFTER_MS)
      return refuse(
        "not-now",
        `${run.cancelling.by.name} is aborting this run already; in a few seconds it can be cut short`,
      );
    const text = `${abortedText(run)} What was left to look at was cut short by ${by.name}: ${command.reason}.`;
    return happened({ type: "RunFinished", at, result: "aborted", text, by });
  }
  const cancelling = cancellingOf(command, run);
  const begun: readonly RunEvent[] = [...closing(command, run), { type: "CancelBegun", at, ...cancelling }];
  if (cancelling.underWay !== undefined) return happened(...begun);
  return happened(...followedBy(run, begun, (state) => advance(state, at, program)));
}

function cancellingOf({ by, reason, at }: Command<"Abort">, { phase, runbook }: OpenRun): Omit<Cancelling, "since"> {
  const timeoutMs = Math.min(CANCEL_WITHIN_MS, runbook.onCancel?.timeout ?? CANCEL_WITHIN_MS);
  const underWay = phase.name === "attempted" || phase.name === "probing" ? phase.step : undefined;
  const caution =
    phase.name === "unknown"
      ? `Whether ${phase.plan.call.name} took effect was never found out: ${phase.evidence}.`
      : undefined;
  return { by: personOf(by), reason, deadline: at + timeoutMs, underWay, caution };
}

function closing({ at, by }: Command<"Abort">, { phase }: OpenRun): readonly RunEvent[] {
  if (phase.name !== "gate" && phase.name !== "rechecking") return [];
  return [{ type: "GateVoided", at, gate: phase.gate.id, differences: [`the run was aborted by ${by.name}`] }];
}

/** A person takes charge of the run, or puts another in charge. */
export function assign({ by, to, at }: Command<"Assign">, run: OpenRun): Decision {
  const denied = lacksRole(by, "responder", "take charge of runs");
  if (denied !== undefined) return denied;
  if (to.id === run.assignee.id) return refuse("not-now", `${to.name} is in charge of this run already`);
  if (hasApproved(run, to))
    return refuse(
      "self-approval",
      `${to.name} approved the call of this run; whoever is in charge of it must be another person`,
    );
  return happened({ type: "Assigned", at, to, by: personOf(by) });
}

/** Whether a person said yes to the gate that the run stands at. */
function hasApproved({ phase }: OpenRun, { id }: Pick<Person, "id">): boolean {
  if (phase.name !== "gate" && phase.name !== "rechecking") return false;
  return phase.gate.notTheStarter && phase.gate.votes.some((vote) => vote.by.id === id);
}

/** A person writes something into the timeline. */
export function addNote({ by, text, at }: Command<"AddNote">): Decision {
  const denied = lacksRole(by, "responder", "add notes");
  if (denied !== undefined) return denied;
  if (text.trim() === "") return refuse("reason-missing", "the note is empty");
  return happened({ type: "Said", at, text, by: personOf(by) });
}

/** A person attaches something: the timeline keeps its digest. */
export function attach({ by, at, name, sha256, bytes, text }: Command<"Attach">): Decision {
  const denied = lacksRole(by, "responder", "attach evidence");
  if (denied !== undefined) return denied;
  return happened({ type: "EvidenceAttached", at, evidence: { at, by: personOf(by), name, sha256, bytes, text } });
}

type Unknown = { readonly call: Extract<Phase, { name: "planning" }>["call"]; readonly program: Program };

function retryUnknown(command: Command<"Retry">, run: OpenRun, { call, program }: Unknown): Decision {
  const { at, by, step, reason = "" } = command;
  const denied = lacksRole(by, "approver", "decide what an unknown call did");
  if (denied !== undefined) return denied;
  if (reason.trim() === "") return refuse("reason-missing", "say how you know that it took no effect");
  const text = `${by.name} asks for the call again: ${reason}. It needs a new approval.`;
  return happened({ type: "Said", at, text, by: personOf(by) }, requestCall(run, { path: step, call, at, program }));
}

type Ended = {
  readonly command: Command<"ConfirmManual" | "Answer" | "MarkDone">;
  readonly result: Values;
  readonly text: string;
};

function endStep(
  run: OpenRun,
  { command: { step, at, by }, result, text }: Ended,
  program: Program,
): readonly RunEvent[] {
  const succeeded: RunEvent = { type: "StepSucceeded", at, step, result, text, by: personOf(by) };
  return followedBy(run, [succeeded], (state) => advance(state, at, program));
}

function isAt(phase: Phase, step: string, names: readonly Phase["name"][]): boolean {
  return names.includes(phase.name) && "step" in phase && phase.step === step;
}
