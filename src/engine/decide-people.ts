import type { Actor } from "../access/person.ts";
import { advance, startStep, stepOf } from "./advance.ts";
import type { RunCommand } from "./commands.ts";
import { endsByWord, manualPhase } from "./decide-check.ts";
import { lacksRole } from "./decide-gate.ts";
import { followedBy, happened, refuse, type Decision } from "./decision.ts";
import type { RunEvent } from "./events.ts";
import type { Program } from "./program.ts";
import type { OpenRun, Phase } from "./run.ts";

type Command<T extends RunCommand["type"]> = Extract<RunCommand, { type: T }>;

/** A human says that the manual work is done. A step that watches ends only by what is seen. */
export function confirmManual(command: Command<"ConfirmManual">, run: OpenRun, program: Program): Decision {
  const denied = lacksRole(command.by, "responder", "confirm steps");
  if (denied !== undefined) return refuse(denied);
  const phase = manualPhase(run, command.step);
  const step = run.runbook.steps.find(({ id }) => id === command.step);
  if (phase === undefined || step === undefined || !("manual" in step))
    return refuse("this step no longer waits for anyone");
  if (!endsByWord(step))
    return refuse(`this step ends by itself when the effect is seen (${phase.progress ?? "nothing seen yet"})`);
  return happened(
    ...endStep(
      run,
      { step: command.step, at: command.at, by: command.by, text: `done, says ${command.by.name}` },
      program,
    ),
  );
}

/** Begins a stuck step again. */
export function retry(command: Command<"Retry">, run: OpenRun, program: Program): Decision {
  const denied = lacksRole(command.by, "responder", "retry steps");
  if (denied !== undefined) return refuse(denied);
  if (run.phase.name === "unknown" && run.phase.step === command.step)
    return retryUnknown(command, run, run.phase.plan.call);
  if (!isAt(run.phase, command.step, ["stuck"])) return refuse("this step is not waiting for a retry");
  const record = run.steps.find(({ id }) => id === command.step);
  if (record === undefined) return refuse("there is no such step");
  return happened(...startStep(run, record, command.at, program));
}

/** Leaves out a step that is stuck, waits, or waits for a human; the reason is recorded. */
export function skip(command: Command<"Skip">, run: OpenRun, program: Program): Decision {
  const denied = lacksRole(command.by, "responder", "skip steps");
  if (denied !== undefined) return refuse(denied);
  if (!isAt(run.phase, command.step, ["stuck", "waiting", "manual"])) return refuse("this step cannot be skipped now");
  const text = `skipped by ${command.by.name}: ${command.reason}`;
  const skipped: RunEvent = { type: "StepSkipped", at: command.at, step: command.step, text, by: personOf(command.by) };
  return happened(...followedBy(run, [skipped], (state) => advance(state, command.at, program)));
}

/** A human found out what the program could not: the call took effect. */
export function markDone(command: Command<"MarkDone">, run: OpenRun, program: Program): Decision {
  const denied = lacksRole(command.by, "approver", "decide what an unknown call did");
  if (denied !== undefined) return refuse(denied);
  if (!isAt(run.phase, command.step, ["unknown"])) return refuse("this step's outcome is not unknown");
  const text = `marked done by ${command.by.name}: ${command.reason}`;
  return happened(...endStep(run, { step: command.step, at: command.at, by: command.by, text }, program));
}

/** Ends the run, in whatever state it is. */
export function abort(command: Command<"Abort">, run: OpenRun): Decision {
  const denied = lacksRole(command.by, "responder", "abort runs");
  if (denied !== undefined) return refuse(denied);
  const { phase } = run;
  const underWay = phase.name === "attempted" || phase.name === "probing" || phase.name === "unknown";
  const caution = underWay ? ` ${phase.plan.call.name} was under way: whether it took effect was not verified.` : "";
  const text = `Aborted by ${command.by.name}: ${command.reason}.${caution}`;
  const closing: RunEvent[] =
    phase.name === "gate" || phase.name === "rechecking"
      ? [
          {
            type: "GateVoided",
            at: command.at,
            gate: phase.gate.id,
            differences: [`the run was aborted by ${command.by.name}`],
          },
        ]
      : [];
  return happened(...closing, {
    type: "RunFinished",
    at: command.at,
    result: "aborted",
    text,
    by: personOf(command.by),
  });
}

function retryUnknown(
  command: Command<"Retry">,
  run: OpenRun,
  call: Extract<Phase, { name: "planning" }>["call"],
): Decision {
  const step = stepOf(run, command.step).id;
  return happened(
    {
      type: "Said",
      at: command.at,
      text: `${command.by.name} asks for the call again; it needs a new approval.`,
      by: personOf(command.by),
    },
    { type: "PlanRequested", at: command.at, step, call },
  );
}

function endStep(
  run: OpenRun,
  { step, at, by, text }: { readonly step: string; readonly at: number; readonly by: Actor; readonly text: string },
  program: Program,
): readonly RunEvent[] {
  const succeeded: RunEvent = { type: "StepSucceeded", at, step, result: {}, text, by: personOf(by) };
  return followedBy(run, [succeeded], (state) => advance(state, at, program));
}

function isAt(phase: Phase, step: string, names: readonly Phase["name"][]): boolean {
  return names.includes(phase.name) && "step" in phase && phase.step === step;
}

function personOf(by: Actor): { id: string; name: string } {
  return { id: by.id, name: by.name };
}
