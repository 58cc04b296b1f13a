import type { Danger } from "../lib/danger.ts";
import type { RunCommand } from "./commands.ts";
import { happened, nothing, refuse, type Decision } from "./decision.ts";
import type { RunEvent } from "./events.ts";
import type { Program } from "./program.ts";
import { requestCall } from "./request-call.ts";
import { lacksRole, personOf } from "./roles.ts";
import type { OpenRun } from "./run.ts";

type Command<T extends RunCommand["type"]> = Extract<RunCommand, { type: T }>;

/** Says whether a call has to wait: the run's alert is resolved, and nobody has said since that the call is needed all the same. */
export function isHeld({ alert, reopened, cancelling }: OpenRun, danger: Danger): boolean {
  const hurts = danger === "disruptive" || danger === "destructive";
  return hurts && alert === "resolved" && !reopened && cancelling === undefined;
}

/** The alert that the run was started from fires or is resolved: "resolved" closes an open gate whose call may hurt, "firing" lets it be asked again. */
export function noteAlert(command: Command<"NoteAlert">, run: OpenRun, program: Program): Decision {
  if (run.alert === command.status || run.origin.alertGroup === undefined) return nothing;
  const { at, status } = command;
  const { phase } = run;
  const noted: RunEvent = { type: "AlertNoted", at, status };
  if (status === "firing" && phase.name === "held")
    return happened(noted, requestCall(run, { path: phase.step, call: phase.call, at, program }));
  const asks = phase.name === "gate" || phase.name === "rechecking";
  if (!asks || !isHeld({ ...run, alert: status, reopened: false }, phase.gate.plan.danger)) return happened(noted);
  const { gate, step } = phase;
  return happened(
    noted,
    { type: "GateVoided", at, gate: gate.id, differences: ["the alert was resolved"] },
    { type: "StepHeld", at, step, call: gate.plan.call },
  );
}

/** A person says that the calls of the run are needed although its alert is resolved: they are planned and asked for anew. */
export function reopen(command: Command<"Reopen">, run: OpenRun, program: Program): Decision {
  const denied = lacksRole(command.by, "responder", "re-open runs");
  if (denied !== undefined) return denied;
  const { phase } = run;
  const { at, by, step } = command;
  if (phase.name !== "held" || phase.step !== step) return refuse("not-now", "this step is not held back");
  return happened(
    { type: "RunReopened", at, by: personOf(by) },
    requestCall(run, { path: step, call: phase.call, at, program }),
  );
}
