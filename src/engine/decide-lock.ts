import { fail } from "./advance.ts";
import type { RunCommand } from "./commands.ts";
import { followedBy, happened, nothing, refusal, refuse, type Decision } from "./decision.ts";
import type { RunEvent } from "./events.ts";
import type { Program } from "./program.ts";
import { lacksRole, personOf } from "./roles.ts";
import type { OpenRun } from "./run.ts";

type Command<T extends RunCommand["type"]> = Extract<RunCommand, { type: T }>;

/** The lock was asked for: the run has it, or another run has and this one waits. */
export function recordLock(command: Command<"RecordLock">, run: OpenRun): Decision {
  const { phase } = run;
  if (phase.name !== "locking" || phase.step !== command.step || !command.outcome.ok) return nothing;
  const { step, at, outcome } = command;
  const holder = outcome.value;
  if (holder.runId === run.id) {
    return happened(
      { type: "LockTaken", at, step, since: holder.since },
      { type: "PlanRequested", at, step, call: phase.call },
    );
  }
  if (phase.heldBy?.runId === holder.runId && phase.heldBy.since === holder.since) return nothing;
  return happened({ type: "LockAwaited", at, step, heldBy: holder });
}

/** An admin takes the lock away: it stands in this run's timeline before anybody else can have it. */
export function loseLock(command: Command<"LoseLock">, run: OpenRun, program: Program): Decision {
  const denied = lacksRole(command.by, "admin", "break locks");
  if (denied !== undefined) return denied;
  const { at, by, reason } = command;
  const { phase } = run;
  if (!run.locked) return refuse("not-now", "this run does not hold the cluster's lock");
  if (reason.trim() === "") return refuse("reason-missing", "say why the lock is taken away");
  if (phase.name === "attempted" || phase.name === "probing" || phase.name === "unknown")
    return refuse("not-now", "what a call of this run did is not known yet; wait for it, or abort the run");
  const lost: RunEvent = { type: "LockLost", at, by: personOf(by), reason };
  if (phase.name !== "gate" && phase.name !== "rechecking" && phase.name !== "planning") return happened(lost);
  const why = `${by.name} took the cluster's lock away: ${reason}`;
  const voided: RunEvent[] =
    phase.name === "planning" ? [] : [{ type: "GateVoided", at, gate: phase.gate.id, differences: [why] }];
  const failure = refusal(`${why}; retry to wait for it again`);
  return happened(
    ...followedBy(run, [lost, ...voided], (state) => fail(state, { step: phase.step, failure, at, program })),
  );
}
