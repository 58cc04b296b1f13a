import type { MessageStore } from "../../runner/ports.ts";
import { readSentMessage, writeTs } from "../sent-message.ts";
import { attempt, type Database } from "./database.ts";

/** Keeps in the table `messages` what was sent where; a message that is put again replaces the one with its key. */
export function createSqliteMessages({ path, sqlite }: Database): MessageStore {
  const put = sqlite.prepare(
    `INSERT INTO messages (key, channel, ts, digest) VALUES (:key, :channel, :ts, :digest)
     ON CONFLICT (key) DO UPDATE SET channel = excluded.channel, ts = excluded.ts, digest = excluded.digest`,
  );
  const get = sqlite.prepare("SELECT key, channel, ts, digest FROM messages WHERE key = ?");
  const list = sqlite.prepare(
    "SELECT key, channel, ts, digest FROM messages WHERE substr(key, 1, length(:prefix)) = :prefix ORDER BY key",
  );
  return {
    async get(key) {
      const row = attempt("read a sent message", path, () => get.get(key));
      return row === undefined ? undefined : readSentMessage(row);
    },
    async put(message) {
      const { key, channel, digest } = message;
      attempt("store a sent message", path, () => put.run({ key, channel, ts: writeTs(message), digest }));
    },
    list: async (prefix) => attempt("list sent messages", path, () => list.all({ prefix })).map(readSentMessage),
  };
}
