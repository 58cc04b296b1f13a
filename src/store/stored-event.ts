import { z } from "zod";
import type { RunEvent } from "../engine/events.ts";
import type { StoredEvent } from "../runner/ports.ts";
import { FailureError } from "../lib/failure.ts";
import { canonicalJson, type Json } from "../lib/json.ts";
import type { ChainEntry } from "./chain.ts";

/** What every event has, whatever version of the program wrote it; the engine knows the rest by `type`. */
const Envelope = z.looseObject({ type: z.string().min(1), at: z.number() });

/** Writes an event as the text that is stored and hashed. Keys without a value are left out, as JSON does. */
export function writeEvent(event: RunEvent): string {
  return canonicalJson(event as unknown as Json);
}

/** Reads a stored event; throws reason `invalid-answer` when the text is no event. `where` names the file or the database. */
export function readEvent(runId: string, entry: ChainEntry, where: string): StoredEvent {
  const parsed = Envelope.safeParse(parseJson(entry.text));
  if (parsed.success) return { sequence: entry.sequence, event: parsed.data as unknown as RunEvent, hash: entry.hash };
  const [issue] = parsed.error.issues;
  const what = issue === undefined || issue.path.length === 0 ? "it" : `its "${issue.path.join(".")}"`;
  throw new FailureError({
    reason: "invalid-answer",
    retryable: false,
    message:
      `cannot read event ${entry.sequence} of run ${runId} in ${where}: ${what} is not what sealwatch writes ` +
      `(${issue?.message ?? "no JSON"}); run "sealwatch run verify ${runId}" and restore the store from its backup if it was damaged`,
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
