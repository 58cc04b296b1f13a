import type { SentMessage } from "../../runner/ports.ts";
import { PASSING, sortSlackError } from "../slack-error.ts";
import { isGivenUp } from "./ledger.ts";
import { LaterError } from "./sender-errors.ts";
import type { Sender, Thread } from "./sender.ts";

const MARGIN_S = 60;

/**
 * Asks Slack which messages are there of those that may have been posted: ts by key. What is not there is noted as absent. Without the scope
 * for that Slack says no: a message twice is better than never.
 */
export async function lookUp(
  { outgoing, ledger, logger }: Sender,
  doubtful: readonly SentMessage[],
  { place, since }: Thread,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  if (doubtful.length === 0) return found;
  try {
    const there = await outgoing.findKeys(place, Math.floor(since / 1000) - MARGIN_S);
    for (const record of doubtful) {
      const ts = there.get(record.key);
      if (ts !== undefined && !isGivenUp(record, ts)) found.set(record.key, ts);
    }
  } catch (error) {
    const failure = sortSlackError(error);
    if (failure.kind === "rate-limited") throw new LaterError(failure.waitMs);
    if (failure.kind === "uncertain" || PASSING.has(failure.error)) throw error;
    const key = doubtful[0]?.key;
    logger.warn("cannot look for a message in slack; it may appear twice", { key, error: failure.error });
  }
  for (const { key } of doubtful) if (!found.has(key)) ledger.absent.add(key);
  return found;
}
