import { z } from "zod";

const Said = z.object({
  user: z.string().optional(),
  bot_id: z.string().optional(),
  text: z.string().default(""),
  ts: z.string(),
  thread_ts: z.string().optional(),
});

/** A `message` event of the Events API, as far as we read it. */
const MessageEvent = Said.partial({ ts: true }).extend({
  channel: z.string(),
  subtype: z.string().optional(),
  message: Said.extend({ subtype: z.string().optional() }).optional(),
  previous_message: z.object({ text: z.string().default("") }).optional(),
});

/** What a person wrote in a channel, now and, when it was edited, before. */
export type PersonMessage = {
  readonly author: string;
  readonly channel: string;
  readonly ts: string;
  readonly threadTs: string | undefined;
  readonly text: string;
  readonly before: string;
};

/** Subtypes under which people write; without one they just write. */
const BY_PEOPLE: ReadonlySet<string | undefined> = new Set([undefined, "file_share", "thread_broadcast", "me_message"]);

/** Reads what a person wrote or edited from an event; undefined for everything else: bots, joins, deletions. */
export function readPersonMessage(event: unknown): PersonMessage | undefined {
  const read = MessageEvent.safeParse(event);
  if (!read.success) return undefined;
  const { channel, subtype, message, previous_message: previous } = read.data;
  const said = subtype === "message_changed" ? message : { ...read.data, subtype };
  if (said?.user === undefined || said.ts === undefined) return undefined;
  if (said.bot_id !== undefined || !BY_PEOPLE.has(said.subtype)) return undefined;
  const { user: author, ts, thread_ts: threadTs, text } = said;
  return { author, channel, ts, threadTs, text, before: previous?.text ?? "" };
}
