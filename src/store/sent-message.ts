import { z } from "zod";
import type { SentMessage } from "../runner/ports.ts";

/** What stands in the column `ts` of a message that may not have been posted: Slack's own are never empty. */
const NOT_POSTED = "";

const Row = z.object({ key: z.string(), channel: z.string(), ts: z.string(), digest: z.string() });

/** Gives a message's `ts` as it is stored. */
export function writeTs({ ts }: SentMessage): string {
  return ts ?? NOT_POSTED;
}

/** Reads a row of the table `messages`. */
export function readSentMessage(row: unknown): SentMessage {
  const message = Row.parse(row);
  return { ...message, ts: message.ts === NOT_POSTED ? undefined : message.ts };
}
