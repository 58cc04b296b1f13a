import { exhaustive } from "../lib/exhaustive.ts";
import { advance } from "./advance.ts";
import type { RunCommand } from "./commands.ts";
import { recordPerformed, recordProbe } from "./decide-attempt.ts";
import { recordCheck, recordPoll } from "./decide-check.ts";
import { approve, recordPreconditions, reject } from "./decide-gate.ts";
import { recordLock, loseLock } from "./decide-lock.ts";
import { abort, addNote, answer, assign, attach, confirmManual, markDone, retry, skip } from "./decide-people.ts";
import { noteAlert, reopen } from "./decide-hold.ts";
import { takeOver, tick } from "./decide-world.ts";
import { followedBy, happened, nothing, refuse, type Decision } from "./decision.ts";
import type { RunEvent } from "./events.ts";
import type { Program } from "./program.ts";
import { lacksRole, personOf } from "./roles.ts";
import type { Run } from "./run.ts";

/** Decides what a command leads to. Pure: the same command on the same run always gives the same events. */
// oxlint-disable-next-line complexity -- one case a command, one line a case: the table of what can be asked
export function decide(command: RunCommand, run: Run, program: Program): Decision {
  if (command.type === "Start") return start(command, run, program);
  if (run.status === "none") return refuse("no-such-run", "there is no such run");
  if (run.status === "finished")
    return "by" in command ? refuse("ended", `this run has ended (${run.result}): ${run.text}`) : nothing;
  switch (command.type) {
    case "RecordCheck":
      return recordCheck(command, run, program);
    case "RecordPoll":
      return recordPoll(command, run, program);
    case "RecordPreconditions":
      return recordPreconditions(command, run, program);
    case "Approve":
      return approve(command, run);
    case "Reject":
      return reject(command, run, program);
    case "RecordPerformed":
      return recordPerformed(command, run, program);
    case "RecordProbe":
      return recordProbe(command, run, program);
    case "TakeOver":
      return takeOver(command, run, program);
    case "ConfirmManual":
      return confirmManual(command, run, program);
    case "Retry":
      return retry(command, run, program);
    case "Reopen":
      return reopen(command, run, program);
    case "Skip":
      return skip(command, run, program);
    case "MarkDone":
      return markDone(command, run, program);
    case "Abort":
      return abort(command, run, program);
    case "RecordLock":
      return recordLock(command, run);
    case "LoseLock":
      return loseLock(command, run, program);
    case "Answer":
      return answer(command, run, program);
    case "Assign":
      return assign(command, run);
    case "AddNote":
      return addNote(command);
    case "Attach":
      return attach(command);
    case "NoteAlert":
      return noteAlert(command, run, program);
    case "Tick":
      return tick(command, run, program);
    default:
      return exhaustive(command);
  }
}

function start(command: Extract<RunCommand, { type: "Start" }>, run: Run, program: Program): Decision {
  if (run.status !== "none") return refuse("not-now", "this run has already been started");
  const denied = lacksRole(command.by, command.dryRun ? "viewer" : "responder", "start runs");
  if (denied !== undefined) return denied;
  const { type: _type, by, ...facts } = command;
  const started: RunEvent = { ...facts, type: "RunStarted", by: personOf(by) };
  return happened(...followedBy(run, [started], (begun) => advance(begun, command.at, program)));
}
