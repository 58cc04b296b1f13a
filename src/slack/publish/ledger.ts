import type { Clock, Timestamp } from "../../lib/clock.ts";
import type { MessageStore, SentMessage } from "../../runner/ports.ts";
import type { Content } from "../render/content.ts";

/** Ledger knows what was sent where: the store, and in front of it what the store could not take yet. */
export type Ledger = {
  /** Writes what the store could not take before; throws while it still cannot. */
  readonly flush: () => Promise<void>;
  readonly known: (key: string) => Promise<SentMessage | undefined>;
  readonly listed: (prefix: string) => Promise<readonly SentMessage[]>;
  /** Remembers a message at once, then stores it: if the store fails, this process still does not post twice. */
  readonly remember: (message: SentMessage, content: Content | undefined) => Promise<void>;
  /** Drops what is known of a message that somebody deleted; the next post under its key takes its place. */
  readonly forget: (key: string) => void;
  /** What this process last sent under a key. */
  readonly lastContent: (key: string) => Content | undefined;
  readonly lastSentAt: (key: string) => Timestamp | undefined;
  /** Says that a subject (`run:R1/`) is over: what only this process knows of its messages goes an hour after the last of them. */
  readonly retire: (subject: string) => void;
  /** Keys of which nobody knows whether Slack has them. */
  readonly unclear: Set<string>;
};

/** What this process remembers of a message beyond what the store holds. */
type Sent = { readonly content: Content | undefined; readonly at: Timestamp };

const RETIRED_MS = 60 * 60_000;

/** Makes a ledger over a store. */
export function createLedger(messages: MessageStore, clock: Clock): Ledger {
  const unstored = new Map<string, SentMessage>();
  const unclear = new Set<string>();
  const forgotten = new Set<string>();
  const sent = new Map<string, Map<string, Sent>>();
  const retired = new Map<string, Timestamp>();
  const sentOf = (key: string): Sent | undefined => sent.get(subjectOf(key))?.get(key);
  const note = (key: string, content: Content | undefined): void => {
    const subject = subjectOf(key);
    const noted = sent.get(subject) ?? new Map<string, Sent>();
    sent.set(subject, noted.set(key, { content: content ?? noted.get(key)?.content, at: clock.now() }));
    retired.delete(subject);
  };
  const sweep = (): void => {
    for (const [subject, at] of retired) {
      // The oldest is first.
      if (at + RETIRED_MS > clock.now()) return;
      retired.delete(subject);
      sent.delete(subject);
      for (const key of forgotten) if (subjectOf(key) === subject) forgotten.delete(key);
    }
  };
  const store = async (message: SentMessage): Promise<void> => {
    await messages.put(message);
    unstored.delete(message.key);
  };
  return {
    flush: async () => {
      sweep();
      for (const message of unstored.values()) await store(message);
    },
    known: async (key) => (forgotten.has(key) ? undefined : (unstored.get(key) ?? (await messages.get(key)))),
    listed: async (prefix) => await messages.list(prefix),
    remember: async (message, content) => {
      unstored.set(message.key, message);
      unclear.delete(message.key);
      forgotten.delete(message.key);
      note(message.key, content);
      await store(message);
    },
    forget: (key) => {
      unstored.delete(key);
      forgotten.add(key);
    },
    lastContent: (key) => sentOf(key)?.content,
    lastSentAt: (key) => sentOf(key)?.at,
    retire: (subject) => {
      if (sent.has(subject) && !retired.has(subject)) retired.set(subject, clock.now());
    },
    unclear,
  };
}

/** A key's part up to its slash. */
function subjectOf(key: string): string {
  return key.slice(0, key.indexOf("/") + 1);
}
