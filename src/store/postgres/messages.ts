import { z } from "zod";
import type { MessageStore } from "../../runner/ports.ts";
import type { Database } from "./database.ts";

const Row = z.object({ key: z.string(), channel: z.string(), ts: z.string(), digest: z.string() });

const PUT = `
  INSERT INTO sealwatch.messages (key, channel, ts, digest) VALUES ($1, $2, $3, $4)
  ON CONFLICT (key) DO UPDATE SET channel = excluded.channel, ts = excluded.ts, digest = excluded.digest`;

/** Keeps in the table `messages` what was sent where; a message that is put again replaces the one with its key. */
export function createPostgresMessages(database: Database): MessageStore {
  return {
    async get(key) {
      const text = "SELECT key, channel, ts, digest FROM sealwatch.messages WHERE key = $1";
      const [row] = await database.ask({ what: "read a sent message", again: "once" }, { text, values: [key] });
      return row === undefined ? undefined : Row.parse(row);
    },
    async put({ key, channel, ts, digest }) {
      const values = [key, channel, ts, digest];
      await database.ask({ what: "store a sent message", again: "once" }, { text: PUT, values });
    },
    async list(prefix) {
      const text = "SELECT key, channel, ts, digest FROM sealwatch.messages WHERE starts_with(key, $1) ORDER BY key";
      const rows = await database.ask({ what: "list sent messages", again: "once" }, { text, values: [prefix] });
      return rows.map((row) => Row.parse(row));
    },
  };
}
