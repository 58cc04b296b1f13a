import type { RunEvent } from "../../engine/events.ts";
import { formatDuration } from "../../lib/duration.ts";
import { oneLine, textsOf } from "./facts.ts";

const LONGEST = 160;

/** Writes the timeline of a play, one event a line, with the time since the run began. */
export function timelineText(events: readonly RunEvent[]): readonly string[] {
  const start = events[0]?.at ?? 0;
  return events.map((event) => {
    const parts = [event.type, stepOf(event), personOf(event), oneLine(textsOf(event).join(" · "))];
    const text = parts.filter((part) => part !== "").join("  ");
    return `+${formatDuration(event.at - start).padEnd(7)} ${text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text}`;
  });
}

function stepOf(event: RunEvent): string {
  if ("step" in event) return event.step;
  return event.type === "GateOpened" ? event.gate.id : "gate" in event ? event.gate : "";
}

function personOf(event: RunEvent): string {
  return "by" in event && event.by !== undefined ? `by ${event.by.name}` : "";
}
