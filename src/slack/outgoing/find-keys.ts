import type { webApi } from "@slack/bolt";
import { z } from "zod";
import { METADATA_TYPE } from "../ids.ts";
import type { Place } from "../outgoing.ts";
import type { Counted } from "./counting.ts";

/** Where and since when (Unix seconds) to look. */
export type Search = {
  readonly client: webApi.WebClient;
  readonly counted: Counted;
  readonly place: Place;
  readonly sinceSeconds: number;
};

const PAGES = 5;
const PAGE = 200;

type History = Awaited<ReturnType<webApi.WebClient["conversations"]["history"]>>;

/** Reads our messages of a thread (`conversations.replies`) or channel (`conversations.history`): the newest ts by key, of at most 1,000 messages. */
export async function findKeys(search: Search): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  let cursor: string | undefined;
  for (let page = 0; page < PAGES; page++) {
    const answer = await readPage(search, cursor);
    const ours = (answer.messages ?? []).flatMap(({ ts = "", metadata }) =>
      keysOf(metadata).map((key) => ({ key, ts })),
    );
    for (const { key, ts } of ours) if (ts > (found.get(key) ?? "")) found.set(key, ts);
    cursor = answer.response_metadata?.next_cursor;
    if (cursor === undefined || cursor === "") break;
  }
  return found;
}

async function readPage(
  { client, counted, place: { channel, threadTs }, sinceSeconds }: Search,
  cursor: string | undefined,
): Promise<Pick<History, "messages" | "response_metadata">> {
  const common = {
    channel,
    include_all_metadata: true,
    limit: PAGE,
    // A reply is never older than its own subject, which is what is asked for.
    oldest: String(sinceSeconds),
    ...(cursor === undefined ? {} : { cursor }),
  };
  if (threadTs === undefined)
    return await counted("conversations.history", async () => await client.conversations.history(common));
  return await counted(
    "conversations.replies",
    async () => await client.conversations.replies({ ...common, ts: threadTs }),
  );
}

const One = z.object({ key: z.string() });
/** One post may stand for several messages of ours. */
const Payload = z.union([One, z.object({ keys: z.array(One) })]);

function keysOf(metadata: { event_type?: string; event_payload?: unknown } | undefined): readonly string[] {
  if (metadata?.event_type !== METADATA_TYPE) return [];
  const payload = Payload.safeParse(metadata.event_payload).data;
  if (payload === undefined) return [];
  return "keys" in payload ? payload.keys.map(({ key }) => key) : [payload.key];
}
