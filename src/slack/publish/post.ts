import type { SentMessage } from "../../runner/ports.ts";
import type { Wanted } from "../render/content.ts";
import { sortSlackError } from "../slack-error.ts";
import { digestOf, partial } from "./digest.ts";
import type { Records } from "./ledger.ts";
import { lookUp } from "./look-up.ts";
import { merged } from "./merge.ts";
import { refusalOf } from "./refusals.ts";
import type { Sender, Thread } from "./sender.ts";
import { sendFitting, type SentForm } from "./send-fitting.ts";

/** Messages that go out as one post. */
export type Posting = { readonly batch: readonly Wanted[]; readonly thread: Thread; readonly records: Records };

/**
 * Posts messages that are missing. The store hears of it before; what it heard of and may be in Slack already is looked up first. Throws what
 * the Web API client throws.
 */
export async function post(sender: Sender, posting: Posting): Promise<void> {
  const { ledger } = sender;
  const { batch, thread, records } = posting;
  if (await findSome(sender, posting)) return;
  for (const { key } of batch) ledger.posting.add(key);
  try {
    for (const { key } of batch) await ledger.begin(key, thread.place.channel, records.get(key));
    // What was certain of the attempt before is not of this one.
    for (const { key } of batch) ledger.absent.delete(key);
    const sent = await attempt(sender, posting);
    if (sent !== undefined) await rememberAll(sender, posting, sent);
  } finally {
    for (const { key } of batch) ledger.posting.delete(key);
  }
}

/** All at once: should the store fail, this process still knows of each. */
async function rememberAll(
  { ledger, recent }: Sender,
  { batch, thread }: Posting,
  { answer: ts, againMs }: SentForm<string>,
): Promise<void> {
  const { channel } = thread.place;
  const digests = await Promise.all(batch.map(digestOf));
  const stored = batch.map(async (wanted, index) => {
    const digest = digests[index] ?? "";
    const record = { key: wanted.key, channel, ts, digest: againMs === undefined ? digest : partial(digest) };
    const storing = ledger.remember(record, wanted);
    recent.expect(wanted.key, againMs);
    await storing;
  });
  await Promise.all(stored);
}

/** Says whether some of the messages were in Slack after all: then what is missing is planned anew. */
async function findSome(sender: Sender, { batch, thread, records }: Posting): Promise<boolean> {
  const { ledger } = sender;
  const doubtful = batch
    .map(({ key }) => records.get(key))
    .filter((record): record is SentMessage => record !== undefined && !ledger.absent.has(record.key));
  const found = await lookUp(sender, doubtful, thread);
  for (const wanted of batch) {
    const ts = found.get(wanted.key);
    if (ts === undefined) continue;
    // What it says is not known, unless it never changes: then it is edited next.
    const digest = wanted.mode === "once" ? await digestOf(wanted) : "found";
    await ledger.remember({ key: wanted.key, channel: thread.place.channel, ts, digest }, undefined);
  }
  return found.size > 0;
}

/** Undefined when the thread is gone: its root is noted as missing, and posted again. */
async function attempt(sender: Sender, { batch, thread }: Posting): Promise<SentForm<string> | undefined> {
  const { outgoing, ledger, logger } = sender;
  const keys = batch.map(({ key }) => key);
  const [head] = batch;
  const wanted = batch.length === 1 && head !== undefined ? head : merged(batch);
  const broadcast = head?.broadcast === true;
  const { place, root } = thread;
  try {
    const send = async (content: typeof wanted): Promise<string> =>
      await outgoing.post(place, keys, content, broadcast);
    return await sendFitting(sender, { wanted, place, send });
  } catch (error) {
    if (sortSlackError(error).kind !== "uncertain") for (const key of keys) ledger.absent.add(key);
    if (refusalOf(error) !== "no-thread" || root === undefined) throw error;
    logger.warn("a thread is gone from slack; its first message is posted again", { key: root.key });
    await ledger.remember({ ...root, ts: undefined, digest: "" }, undefined);
    ledger.absent.add(root.key);
    return undefined;
  }
}
