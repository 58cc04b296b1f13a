import { abortedText } from "./advance.ts";
import type { RunCommand } from "./commands.ts";
import { interrupted } from "./decide-attempt.ts";
import { timeOut } from "./decide-check.ts";
import { expireGate } from "./decide-gate.ts";
import { happened, nothing, type Decision } from "./decision.ts";
import type { RunEvent } from "./events.ts";
import type { Program } from "./program.ts";
import type { OpenRun } from "./run.ts";

type Command<T extends RunCommand["type"]> = Extract<RunCommand, { type: T }>;

/** Time passed. */
export function tick(command: Command<"Tick">, run: OpenRun, program: Program): Decision {
  const { phase } = run;
  const { at } = command;
  if (run.cancelling !== undefined && at >= run.cancelling.deadline) {
    const text = `${abortedText(run)} The time to look at what was left is over.`;
    return happened({ type: "RunFinished", at, result: "aborted", text, by: run.cancelling.by });
  }
  if (phase.name === "gate" && at >= phase.gate.expiresAt) return happened(...expireGate(run, phase.gate, at, program));
  if (phase.name === "waiting" && at >= phase.deadline)
    return happened(...timeOut(phase, phase.progress, run, { at, program }));
  return nothing;
}

/** Another instance carries the run on. A call that the dead one may have made is probed, never repeated. */
export function takeOver(command: Command<"TakeOver">, run: OpenRun, program: Program): Decision {
  if (command.from !== undefined && command.from !== run.driver) return nothing;
  const changed: RunEvent[] =
    run.driver === command.driver ? [] : [{ type: "DriverChanged", at: command.at, driver: command.driver }];
  if (run.phase.name !== "attempted") return happened(...changed);
  return happened(...changed, interrupted(run.phase, command.at, program));
}
