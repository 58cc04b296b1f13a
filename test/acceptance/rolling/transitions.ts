import type { RunEvent } from "../../../src/engine/events.ts";

/** A change of a run that a person made by a click: a yes at a gate, or work that is done. */
export type Transition = { readonly who: string; readonly what: string };

/** Reads from a timeline what people did. */
export function transitionsOf(events: readonly RunEvent[]): readonly Transition[] {
  return events.flatMap((event) => {
    if (event.type === "GateVoted") return [{ who: event.by.name, what: event.gate }];
    if (event.type === "StepSucceeded" && event.by !== undefined) return [{ who: event.by.name, what: event.step }];
    return [];
  });
}
