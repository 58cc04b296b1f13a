import type { Timestamp } from "../../../lib/clock.ts";
import type { OutboxItem } from "../../../runner/ports.ts";
import type { Step } from "../plan/plan.ts";

/** A subject that Slack is untrue about, as far as is known. */
export type OpenSubject = {
  /** As the outbox last told. */
  item: OutboxItem;
  /** Since when it has been open here; a subject that changes all the time does not lose its place. */
  readonly since: Timestamp;
  /** `stale`: must be planned; `planned`: its steps wait for their turn. */
  state: "stale" | "planning" | "planned";
  /** It changed while it was planned. */
  again: boolean;
  plannedAt: Timestamp;
  steps: readonly Step[];
};

/** Opens a subject that nobody planned yet. */
export function openSubject(item: OutboxItem, since: Timestamp): OpenSubject {
  return { item, since, state: "stale", again: false, plannedAt: 0, steps: [] };
}

/** Says that what was planned may be old. */
export function makeStale(subject: OpenSubject): void {
  if (subject.state === "planning") subject.again = true;
  else subject.state = "stale";
}

/** Says that a step is over, however it ended: what is left to do is planned anew. */
export function dropStep(subject: OpenSubject, id: string): void {
  const left = subject.steps.filter((step) => step.id !== id);
  if (left.length === subject.steps.length) return;
  subject.steps = left;
  makeStale(subject);
}
