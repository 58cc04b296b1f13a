import { canonicalJson, type Json } from "../../lib/json.ts";
import type { Clock } from "../../lib/clock.ts";
import type { Logger } from "../../lib/logger.ts";
import type { SentMessage } from "../../runner/ports.ts";
import type { Outgoing } from "../outgoing.ts";
import type { Content, Wanted } from "../render/content.ts";
import { sha256 } from "../sha256.ts";
import { sortSlackError } from "../slack-error.ts";
import type { Ledger } from "./ledger.ts";
import { minimal } from "./minimal.ts";
import type { Pace } from "./pace.ts";

/** What sending needs. */
export type Sender = {
  readonly outgoing: Outgoing;
  readonly ledger: Ledger;
  readonly channel: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly posts: Pace;
  readonly updates: Pace;
};

/** Where a wanted message belongs, and whether it may be in Slack although the store does not know it. */
export type Sending = {
  readonly threadTs: string | undefined;
  /** Unix milliseconds before which it cannot have been posted. */
  readonly since: number;
  readonly mayExist: boolean;
};

/** What became of a message: its ts once it is posted, and after how long it must be looked at again, if it must. */
export type Sent = { readonly ts: string | undefined; readonly againMs: number | undefined };

/** Progress is shown at most this often in one message. */
const GAP_MS = 1500;

/** Slack's words for "this message is gone". */
const GONE: ReadonlySet<string> = new Set(["message_not_found", "thread_not_found"]);
/** Slack's words for "this is too much"; the simplest form is sent instead. */
const TOO_MUCH: ReadonlySet<string> = new Set([
  "msg_blocks_too_long",
  "msg_too_long",
  "invalid_blocks",
  "invalid_blocks_format",
  "no_text",
]);
/** Slack's words for "this can never be edited". */
const FINAL: ReadonlySet<string> = new Set(["edit_window_closed", "cant_update_message", "block_mismatch"]);

/** Makes one message as it is wanted: posts what is missing, edits what differs. An unclear post is looked up before it is repeated. */
export async function send(sender: Sender, wanted: Wanted, sending: Sending): Promise<Sent> {
  const { ledger, clock } = sender;
  const digest = `${wanted.mode}:${await digestOf(wanted)}`;
  const old = await ledger.known(wanted.key);
  if (old === undefined) return await postOrFind(sender, wanted, sending, digest);
  if (old.digest === digest || wanted.mode === "once") return { ts: old.ts, againMs: undefined };
  const gap = wanted.urgent === true ? 0 : (ledger.lastSentAt(wanted.key) ?? 0) + GAP_MS - clock.now();
  if (gap > 0) return { ts: old.ts, againMs: gap };
  const sent = await edit(sender, old, wanted, { digest, urgent: wanted.urgent === true });
  if (sent !== "gone") return sent;
  // Somebody deleted it: it is said again.
  ledger.forget(wanted.key);
  return await post(sender, wanted, sending.threadTs, digest);
}

/** Takes the buttons off a message that is wanted no longer, whatever it takes. */
export async function close(sender: Sender, old: SentMessage, content: Content): Promise<Sent> {
  const digest = `closed:${await digestOf(content)}`;
  const sent = await edit(sender, old, content, { digest, urgent: true });
  if (sent !== "gone") return sent;
  await sender.ledger.remember({ ...old, digest: "closed:gone" }, undefined);
  return { ts: old.ts, againMs: undefined };
}

async function postOrFind(sender: Sender, wanted: Wanted, sending: Sending, digest: string): Promise<Sent> {
  const { ledger, channel } = sender;
  const unclear = ledger.unclear.has(wanted.key) || sending.mayExist;
  const found = unclear ? await lookUp(sender, wanted.key, sending) : undefined;
  if (found === undefined) return await post(sender, wanted, sending.threadTs, digest);
  // What it says is not known, unless it never changes: the next pass edits it.
  const once = wanted.mode === "once";
  await ledger.remember({ key: wanted.key, channel, ts: found, digest: once ? digest : "found" }, undefined);
  return { ts: found, againMs: once ? undefined : GAP_MS };
}

async function post(sender: Sender, wanted: Wanted, threadTs: string | undefined, digest: string): Promise<Sent> {
  const { outgoing, ledger, channel, logger, posts } = sender;
  await posts.take(wanted.urgent === true);
  let ts: string;
  try {
    ts = await outgoing.post({ channel, threadTs }, wanted.key, wanted, wanted.broadcast === true);
  } catch (error) {
    const failure = sortSlackError(error);
    if (failure.kind === "uncertain") ledger.unclear.add(wanted.key);
    if (failure.kind === "rate-limited") return { ts: undefined, againMs: failure.waitMs };
    logger.warn("cannot post a message in slack", { key: wanted.key, kind: failure.kind, error: failure.error });
    if (failure.kind !== "refused" || !TOO_MUCH.has(failure.error)) throw error;
    ts = await outgoing.post({ channel, threadTs }, wanted.key, minimal(wanted), wanted.broadcast === true);
  }
  await ledger.remember({ key: wanted.key, channel, ts, digest }, wanted);
  return { ts, againMs: undefined };
}

type Edit = { readonly digest: string; readonly urgent: boolean };

async function edit(
  sender: Sender,
  old: SentMessage,
  content: Content,
  { digest, urgent }: Edit,
): Promise<Sent | "gone"> {
  const { outgoing, ledger, logger, updates } = sender;
  await updates.take(urgent);
  try {
    await outgoing.update(old.channel, old.ts, content);
  } catch (error) {
    const failure = sortSlackError(error);
    if (failure.kind === "rate-limited") return { ts: old.ts, againMs: failure.waitMs };
    if (failure.kind === "refused" && GONE.has(failure.error)) return "gone";
    logger.warn("cannot edit a message in slack", { key: old.key, kind: failure.kind, error: failure.error });
    if (failure.kind === "uncertain") throw error;
    if (TOO_MUCH.has(failure.error)) await outgoing.update(old.channel, old.ts, minimal(content));
    else if (!FINAL.has(failure.error)) throw error;
  }
  await ledger.remember({ ...old, digest }, content);
  return { ts: old.ts, againMs: undefined };
}

async function digestOf({ text, blocks }: Content): Promise<string> {
  return await sha256(canonicalJson({ text, blocks } as unknown as Json));
}

/** Asks Slack whether a message is there. Without the scope for that it says no: twice is better than never. */
async function lookUp(
  { outgoing, channel, logger }: Sender,
  key: string,
  sending: Sending,
): Promise<string | undefined> {
  try {
    const found = await outgoing.findKeys(
      { channel, threadTs: sending.threadTs },
      Math.floor(sending.since / 1000) - 60,
    );
    return found.get(key);
  } catch (error) {
    const failure = sortSlackError(error);
    if (failure.kind !== "refused") throw error;
    logger.warn("cannot look for a message in slack; it may appear twice", { key, error: failure.error });
    return undefined;
  }
}
