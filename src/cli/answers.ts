import type { Actor } from "../access/person.ts";
import { viewRun } from "../engine/view.ts";
import type { FinishedRun, OpenRun } from "../engine/run.ts";
import type { RunRequest } from "../runner/ports.ts";

/** What the options of an answer gave. */
export type Given = {
  readonly reason: string;
  readonly phrase: string | undefined;
  readonly gate: string | undefined;
  /** Beginning of the plan's hash that the person saw; undefined: the gate was shown just now. */
  readonly plan: string | undefined;
  readonly breakGlass: boolean;
  /** The words behind the run: an answer's value, a note. */
  readonly text: string;
};

/** Answer is a subcommand by which a person at a terminal answers a run; the step or gate is the one where the run stands. */
export type Answer = {
  readonly name: string;
  readonly description: string;
  /** `approval` takes a phrase, a plan and break-glass. */
  readonly takes: "reason" | "reason-if-unknown" | "approval" | "text" | "nothing";
  readonly request: (run: OpenRun | FinishedRun, by: Actor, given: Given) => RunRequest;
};

/** Every answer: the terminal has what Slack has. */
export const answers: readonly Answer[] = [
  {
    name: "approve",
    description: "say yes at the open gate, as the user of this terminal",
    takes: "approval",
    request: approval,
  },
  {
    name: "reject",
    description: "say no at the open gate",
    takes: "reason",
    request: (run, by, { reason, gate }) => ({ type: "reject", runId: run.id, gateId: gateOf(run, gate), by, reason }),
  },
  {
    name: "answer",
    description: "answer what the run asks",
    takes: "text",
    request: (run, by, { text }) => ({ type: "answer", runId: run.id, step: stepOf(run), by, value: text }),
  },
  {
    name: "confirm",
    description: "say that the manual work of the current step is done",
    takes: "nothing",
    request: (run, by) => ({ type: "confirm-manual", runId: run.id, step: stepOf(run), by }),
  },
  {
    name: "retry",
    description: "begin the stuck step again, or ask for a call again that took no effect",
    takes: "reason-if-unknown",
    request: (run, by, { reason }) => ({
      type: "retry",
      runId: run.id,
      step: stepOf(run),
      by,
      ...(reason !== "" && { reason }),
    }),
  },
  {
    name: "reopen",
    description: "say that the call is needed although the run's alert is resolved",
    takes: "nothing",
    request: (run, by) => ({ type: "reopen", runId: run.id, step: stepOf(run), by }),
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
    description: "end the run, in whatever state it is; a second time ends what it still looks at",
    takes: "reason",
    request: (run, by, { reason }) => ({ type: "abort", runId: run.id, by, reason }),
  },
  {
    name: "take-over",
    description: "take charge of the run; who is in charge cannot approve its gates",
    takes: "nothing",
    request: (run, by) => ({ type: "assign", runId: run.id, by, to: { id: by.id, name: by.name } }),
  },
  {
    name: "note",
    description: "write something into the run's timeline",
    takes: "text",
    request: (run, by, { text }) => ({ type: "note", runId: run.id, by, text }),
  },
];

/** What was shown is what is agreed to: the hash of that plan goes with the yes. */
function approval(run: OpenRun | FinishedRun, by: Actor, given: Given): RunRequest {
  const { phrase, breakGlass, reason } = given;
  const gateId = gateOf(run, given.gate);
  const planHash = seenHash(run, gateId, given.plan);
  return {
    type: "approve",
    runId: run.id,
    gateId,
    by,
    ...(phrase !== undefined && { phrase }),
    ...(planHash !== undefined && { planHash }),
    ...(breakGlass && { breakGlass: { reason } }),
  };
}

/** Twelve characters are enough for people; the engine wants the whole. A beginning of another hash stays as it is, and is refused. */
function seenHash(run: OpenRun | FinishedRun, gateId: string, seen: string | undefined): string | undefined {
  const hash = run.gates.find(({ gate }) => gate.id === gateId)?.gate.planHash;
  if (seen === undefined) return hash;
  const isSame = seen.length >= SHORTEST_HASH && hash?.startsWith(seen.toLowerCase()) === true;
  return isSame ? hash : seen;
}

const SHORTEST_HASH = 8;

/** The engine refuses what does not fit; an empty name gets the same answer as a wrong one. */
function stepOf(run: OpenRun | FinishedRun): string {
  return viewRun(run).currentStep ?? "";
}

function gateOf(run: OpenRun | FinishedRun, given: string | undefined): string {
  return given ?? viewRun(run).gate?.id ?? run.gates.at(-1)?.gate.id ?? "";
}
