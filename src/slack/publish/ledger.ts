import type { MessageStore, SentMessage } from "../../runner/ports.ts";
import type { Content } from "../render/content.ts";
import type { Recent } from "./recent.ts";

/** Messages by their key. */
export type Records = ReadonlyMap<string, SentMessage>;

/** Ledger knows what was sent where: the store, and in front of it what the store could not take yet. */
export type Ledger = {
  /** Reads what is known of the messages whose keys begin so; writes before what the store could not take. Throws while the store fails. */
  readonly records: (prefix: string) => Promise<Records>;
  /** Says in the store that a message may be in Slack from now on; throws when the store cannot take it, and then nothing may be posted. */
  readonly begin: (key: string, channel: string, old: SentMessage | undefined) => Promise<void>;
  /** Remembers a message at once, then stores it: if the store fails, this process still does not post twice. */
  readonly remember: (message: SentMessage, content: Content | undefined) => Promise<void>;
  /** Keys that are not in Slack for certain, although the store does not say so: Slack refused them. */
  readonly absent: Set<string>;
  /** Keys that are on their way to Slack at this moment. */
  readonly posting: Set<string>;
};

/** How a record without a ts says that an old message was given up, and which. */
const INSTEAD_OF = "instead-of:";

/** Makes a ledger over a store. */
export function createLedger(messages: MessageStore, recent: Recent): Ledger {
  const unstored = new Map<string, SentMessage>();
  const absent = new Set<string>();
  const store = async (message: SentMessage): Promise<void> => {
    await messages.put(message);
    if (unstored.get(message.key) === message) unstored.delete(message.key);
  };
  return {
    records: async (prefix) => {
      for (const message of unstored.values()) await store(message);
      return new Map((await messages.list(prefix)).map((message) => [message.key, message]));
    },
    begin: async (key, channel, old) => {
      if (old !== undefined && old.ts === undefined && old.channel === channel) return;
      await messages.put({ key, channel, ts: undefined, digest: "" });
    },
    absent,
    posting: new Set(),
    remember: async (message, content) => {
      unstored.set(message.key, message);
      if (message.ts !== undefined) absent.delete(message.key);
      recent.note(message.key, content);
      await store(message);
    },
  };
}

/** Gives the record of a message that can be edited no more: another takes its place. */
export function givenUp(old: SentMessage): SentMessage {
  return { ...old, ts: undefined, digest: `${INSTEAD_OF}${old.ts ?? ""}` };
}

/** Tells whether a record stands for a message that was given up. */
export function isInsteadOf({ ts, digest }: SentMessage): boolean {
  return ts === undefined && digest.startsWith(INSTEAD_OF);
}

/** Tells whether a message that was found in Slack is the one that was given up, or older. */
export function isGivenUp(record: SentMessage, ts: string): boolean {
  return record.digest.startsWith(INSTEAD_OF) && ts <= record.digest.slice(INSTEAD_OF.length);
}
