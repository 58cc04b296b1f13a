import type { MessageStore } from "../../runner/ports.ts";
import { readSentMessage, writeTs } from "../sent-message.ts";
import type { Database } from "./database.ts";

const PUT = `
  INSERT INTO sealwatch.messages (key, channel, ts, digest) VALUES ($1, $2, $3, $4)
  ON CONFLICT (key) DO UPDATE SET channel = excluded.channel, ts = excluded.ts, digest = excluded.digest`;

/** Keeps in the table `messages` what was sent where; a message that is put again replaces the one with its key. */
export function createPostgresMessages(database: Database): MessageStore {
  return {
    async get(key) {
      const text = "SELECT key, channel, ts, digest FROM sealwatch.messages WHERE key = $1";
      const [row] = await database.ask({ what: "read a sent message", again: "once" }, { text, values: [key] });
      return row === undefined ? undefined : readSentMessage(row);
    },
    async put(message) {
      const values = [message.key, message.channel, writeTs(message), message.digest];
      await database.ask({ what: "store a sent message", again: "once" }, { text: PUT, values });
    },
    async list(prefix) {
      const text = "SELECT key, channel, ts, digest FROM sealwatch.messages WHERE starts_with(key, $1) ORDER BY key";
      const rows = await database.ask({ what: "list sent messages", again: "once" }, { text, values: [prefix] });
      return rows.map(readSentMessage);
    },
  };
}
