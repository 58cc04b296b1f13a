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
  /** Keys of which nobody knows whether Slack has them. */
  readonly unclear: Set<string>;
};

/** Makes a ledger over a store. */
export function createLedger(messages: MessageStore, clock: Clock): Ledger {
  const unstored = new Map<string, SentMessage>();
  const unclear = new Set<string>();
  const forgotten = new Set<string>();
  const contents = new Map<string, Content>();
  const sentAt = new Map<string, Timestamp>();
  const store = async (message: SentMessage): Promise<void> => {
    await messages.put(message);
    unstored.delete(message.key);
  };
  return {
    flush: async () => {
      for (const message of unstored.values()) await store(message);
    },
    known: async (key) => (forgotten.has(key) ? undefined : (unstored.get(key) ?? (await messages.get(key)))),
    listed: async (prefix) => await messages.list(prefix),
    remember: async (message, content) => {
      unstored.set(message.key, message);
      unclear.delete(message.key);
      forgotten.delete(message.key);
      sentAt.set(message.key, clock.now());
      if (content !== undefined) contents.set(message.key, content);
      await store(message);
    },
    forget: (key) => {
      unstored.delete(key);
      forgotten.add(key);
    },
    lastContent: (key) => contents.get(key),
    lastSentAt: (key) => sentAt.get(key),
    unclear,
  };
}
