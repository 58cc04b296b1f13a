import type { SentMessage } from "../../runner/ports.ts";
import type { Content, Wanted } from "../render/content.ts";
import { closedDigest, CLOSED_UNSEEN, digestOf, partial } from "./digest.ts";
import { givenUp, isInsteadOf } from "./ledger.ts";
import { lookUp } from "./look-up.ts";
import { refusalOf } from "./refusals.ts";
import type { Sender, Thread } from "./sender.ts";
import { sendFitting } from "./send-fitting.ts";

/** A message that stands in Slack. */
export type Standing = SentMessage & { readonly ts: string };

/** How a message that stands in Slack shall read, and where its files go. */
export type Editing = { readonly record: Standing; readonly wanted: Wanted; readonly thread: Thread };

/**
 * Edits a message until it says what it should. One that somebody deleted, or that can be edited no more, is noted as missing: another is
 * posted in its place.
 */
export async function edit(sender: Sender, { record, wanted, thread }: Editing): Promise<void> {
  const { outgoing, ledger, logger } = sender;
  const digest = await digestOf(wanted);
  try {
    const { againMs } = await sendFitting(sender, {
      wanted,
      place: thread.place,
      send: async (content) => await outgoing.update(record.channel, record.ts, content),
    });
    await ledger.remember({ ...record, digest: againMs === undefined ? digest : partial(digest) }, wanted);
    sender.recent.expect(wanted.key, againMs);
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal !== "gone" && refusal !== "final") throw error;
    logger.warn("a message in slack can be edited no more; another is posted", { key: record.key, refusal });
    // What never changes was read: it only lacks a picture.
    if (wanted.mode === "once") return await ledger.remember({ ...record, digest }, undefined);
    await ledger.remember(givenUp(record), undefined);
    ledger.absent.add(record.key);
  }
}

/** A question that nobody is asked any more: what it shall say now, and where it stands. */
export type Closing = { readonly record: SentMessage; readonly content: Content; readonly thread: Thread };

/** Takes the buttons off a question. One that may have been posted is looked up before; one that cannot be edited is answered in the thread. */
export async function close(sender: Sender, closing: Closing): Promise<void> {
  const { record, content, thread } = closing;
  if (record.ts === undefined) return await closeUnseen(sender, closing);
  const { outgoing, ledger } = sender;
  const { channel, ts } = record;
  try {
    const send = async (form: Content): Promise<void> => await outgoing.update(channel, ts, form);
    await sendFitting(sender, { wanted: content, place: thread.place, send });
    await ledger.remember({ ...record, digest: await closedDigest(content) }, content);
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === "gone") await ledger.remember({ ...record, digest: CLOSED_UNSEEN }, undefined);
    else if (refusal === "final") await ledger.remember(givenUp(record), undefined);
    else throw error;
  }
}

async function closeUnseen(sender: Sender, { record, content, thread }: Closing): Promise<void> {
  const { outgoing, ledger } = sender;
  const ts = (await lookUp(sender, [record], thread)).get(record.key);
  const replaces = isInsteadOf(record);
  if (ts !== undefined)
    return await ledger.remember({ ...record, ts, digest: replaces ? CLOSED_UNSEEN : "found" }, undefined);
  if (!replaces) return await ledger.remember({ ...record, digest: CLOSED_UNSEEN }, undefined);
  // Its buttons stay where they are, and do nothing: the thread says so.
  const send = async (form: Content): Promise<string> => await outgoing.post(thread.place, [record.key], form, false);
  const { answer } = await sendFitting(sender, { wanted: content, place: thread.place, send });
  await ledger.remember({ ...record, ts: answer, digest: await closedDigest(content) }, content);
}
