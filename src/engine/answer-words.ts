import { formatDuration } from "../lib/duration.ts";
import type { Answer } from "../runbook/schema.ts";

/** Says what may be answered, in words that go behind "answer with". */
export function answerWords(answer: Answer): string {
  switch (answer.type) {
    case "enum":
      return `one of ${answer.options.join(", ")}`;
    case "bool":
      return "yes or no";
    case "node":
      return "the name of a node";
    case "int":
      return `a whole number${bounds(answer.min?.toString(), answer.max?.toString())}`;
    case "duration":
      return `a time like 30s or 5m${bounds(durationText(answer.min), durationText(answer.max))}`;
    default:
      return answer.pattern === undefined ? "text" : `text that fits ${answer.pattern}`;
  }
}

function durationText(milliseconds: number | undefined): string | undefined {
  return milliseconds === undefined ? undefined : formatDuration(milliseconds);
}

function bounds(min: string | undefined, max: string | undefined): string {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`;
  if (min !== undefined) return ` of at least ${min}`;
  return max === undefined ? "" : ` of at most ${max}`;
}
