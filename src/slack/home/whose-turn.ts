import { covers, type Actor, type Role } from "../../access/person.ts";
import { whyNotApprove } from "../../engine/decide-gate.ts";
import type { Gate, OpenRun } from "../../engine/run.ts";
import { viewRun, type RunChoice } from "../../engine/view.ts";
import type { Timestamp } from "../../lib/clock.ts";

/** Says whether a person could approve a gate now: for what they are shown first, never for a permission. */
export function couldApprove(actor: Actor, run: OpenRun, gate: Gate, now: Timestamp): boolean {
  return whyNotApprove(run, gate, { by: actor, at: now }) === undefined;
}

/** What it takes to do what a run waits for, besides approving and aborting. */
const ROLES: Readonly<Partial<Record<RunChoice, Role>>> = {
  answer: "responder",
  "confirm-manual": "responder",
  retry: "responder",
  reopen: "responder",
  skip: "responder",
  "mark-done": "approver",
};

/** Says whether a run that stands at no gate waits for something that a person may do. */
export function couldMoveOn(actor: Actor, run: OpenRun): boolean {
  // Nobody ends it but the run that has the cluster.
  if (run.phase.name === "locking" || run.phase.name === "gate") return false;
  if (run.phase.name === "unknown") return covers(actor.role, "approver");
  return viewRun(run).choices.some((choice) => {
    const role = ROLES[choice];
    return role !== undefined && covers(actor.role, role);
  });
}
