import type { Actor } from "../access/person.ts";
import { viewRun } from "../engine/view.ts";
import type { FinishedRun, OpenRun } from "../engine/run.ts";
import type { RunRequest } from "../runner/ports.ts";

/** What the options of an answer gave. */
export type Given = { readonly reason: string; readonly phrase: string | undefined; readonly gate: string | undefined };

/** Answer is a subcommand by which a person at a terminal answers a run; the step or gate is the one where the run stands. */
export type Answer = {
  readonly name: string;
  readonly description: string;
  readonly takes: "reason" | "phrase" | "nothing";
  readonly request: (run: OpenRun | FinishedRun, by: Actor, given: Given) => RunRequest;
};

/** Every answer: the terminal has what Slack has. */
export const answers: readonly Answer[] = [
  {
    name: "approve",
    description: "say yes at the open gate, as the user of this terminal",
    takes: "phrase",
    request: (run, by, { phrase, gate }) => ({
      type: "approve",
      runId: run.id,
      gateId: gateOf(run, gate),
      by,
      ...(phrase === undefined ? {} : { phrase }),
    }),
  },
  {
    name: "reject",
    description: "say no at the open gate",
    takes: "reason",
    request: (run, by, { reason, gate }) => ({ type: "reject", runId: run.id, gateId: gateOf(run, gate), by, reason }),
  },
  {
    name: "confirm",
    description: "say that the manual work of the current step is done",
    takes: "nothing",
    request: (run, by) => ({ type: "confirm-manual", runId: run.id, step: stepOf(run), by }),
  },
  {
    name: "retry",
    description: "begin the stuck step again",
    takes: "nothing",
    request: (run, by) => ({ type: "retry", runId: run.id, step: stepOf(run), by }),
  },
  {
    name: "skip",
    description: "leave out the step that is stuck or waits",
    takes: "reason",
    request: (run, by, { reason }) => ({ type: "skip", runId: run.id, step: stepOf(run), by, reason }),
  },
  {
    name: "mark-done",
    description: "say that a call whose outcome is unknown took effect",
    takes: "reason",
    request: (run, by, { reason }) => ({ type: "mark-done", runId: run.id, step: stepOf(run), by, reason }),
  },
  {
    name: "abort",
    description: "end the run, in whatever state it is",
    takes: "reason",
    request: (run, by, { reason }) => ({ type: "abort", runId: run.id, by, reason }),
  },
];

/** The engine refuses what does not fit; an empty name gets the same answer as a wrong one. */
function stepOf(run: OpenRun | FinishedRun): string {
  return viewRun(run).currentStep ?? "";
}

function gateOf(run: OpenRun | FinishedRun, given: string | undefined): string {
  return given ?? viewRun(run).gate?.id ?? run.gates.at(-1)?.gate.id ?? "";
}
