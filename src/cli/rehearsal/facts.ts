import type { RunEvent } from "../../engine/events.ts";
import type { Performance } from "./play.ts";

/** Facts is what came out of a play, in the words of a test's expectation. */
export type Facts = {
  readonly path: readonly string[];
  readonly outcome: string;
  readonly calls: readonly string[];
  readonly gates: readonly {
    readonly step: string;
    readonly danger: string;
    readonly approvals: number;
    readonly outcome: string;
  }[];
  readonly failures: readonly { readonly step: string; readonly reason: string }[];
  readonly commands: readonly string[];
  /** Everything that people saw, in order, with white space joined. */
  readonly said: readonly string[];
  readonly cluster: Performance["cluster"];
};

/** Tells what came out of a play. */
export function factsOf({ events, run, calls, cluster }: Performance): Facts {
  return {
    path: [...new Set(events.flatMap((event) => (event.type === "StepStarted" ? [event.step] : [])))],
    outcome: run === undefined ? "not started" : run.status === "finished" ? run.result : "open",
    calls: calls.map(({ text }) => text),
    gates: (run?.gates ?? []).map(({ gate, outcome }) => ({
      step: gate.step,
      danger: gate.plan.danger,
      approvals: gate.approvals,
      outcome,
    })),
    failures: events.flatMap((event) =>
      event.type === "StepFailed" || event.type === "StepStuck"
        ? [{ step: event.step, reason: event.failure.reason }]
        : [],
    ),
    commands: events.flatMap((event) => (event.type === "ManualBegun" ? event.commands : [])),
    said: events.flatMap(textsOf).map(oneLine),
    cluster,
  };
}

/** Joins runs of white space. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s+/gu, " ").trim();
}

/** Gives the texts of an event that people read. */
// oxlint-disable-next-line complexity -- one case an event
export function textsOf(event: RunEvent): readonly string[] {
  switch (event.type) {
    case "ManualBegun":
    case "AskBegun":
    case "Said":
    case "StepSucceeded":
    case "StepSkipped":
    case "StepPlanned":
    case "RunFinished":
      return [event.text];
    case "StepFailed":
    case "StepStuck":
      return [event.failure.message];
    case "Polled":
      return [event.progress];
    case "GateOpened": {
      const { explain, preconditions } = event.gate.plan;
      return [
        explain.call,
        explain.cost,
        explain.proof,
        ...preconditions.map(({ text }) => text),
        ...event.gate.differences,
      ];
    }
    case "GateVoided":
      return event.differences;
    case "GateRejected":
    case "GateBroken":
    case "LockLost":
    case "CancelBegun":
      return [event.reason];
    case "OutcomeUnknown":
      return [event.evidence];
    default:
      return [];
  }
}
