import { z } from "zod";
import type { TimedLock } from "../../lib/timed-lock.ts";
import type { Database } from "./database.ts";

const Row = z.object({ epoch: z.coerce.number() });

const ACQUIRE = `
  INSERT INTO sealwatch.walk_locks AS held (name, epoch, expires_at) VALUES ($1, 1, sealwatch.now_ms() + $2)
  ON CONFLICT (name) DO UPDATE SET epoch = held.epoch + 1, expires_at = excluded.expires_at
  WHERE held.expires_at <= sealwatch.now_ms()
  RETURNING epoch`;

const RENEW = `
  UPDATE sealwatch.walk_locks SET expires_at = sealwatch.now_ms() + $3 WHERE name = $1 AND epoch = $2 RETURNING epoch`;
const RELEASE = "UPDATE sealwatch.walk_locks SET expires_at = 0 WHERE name = $1 AND epoch = $2";

/**
 * Keeps in the table `walk_locks` who holds which lock, by the database's clock: replicas' clocks may differ by more than a lock lives. Every
 * statement is a transaction of its own, so that one of two replicas wins.
 */
export function createPostgresTimedLock(database: Database): TimedLock {
  return {
    async acquire(name, { ttlMs }) {
      // Not again once it was sent: we might refuse ourselves what we have just been given.
      const asking = { what: `take the lock ${name}`, again: "unsent" } as const;
      const [row] = await database.ask(asking, { text: ACQUIRE, values: [name, ttlMs] });
      return row === undefined ? undefined : { name, ...Row.parse(row) };
    },
    async renew({ name, epoch }, { ttlMs }) {
      const values = [name, epoch, ttlMs];
      const rows = await database.ask({ what: `renew the lock ${name}`, again: "once" }, { text: RENEW, values });
      return rows.length === 1;
    },
    async release({ name, epoch }) {
      const asking = { what: `give back the lock ${name}`, again: "once" } as const;
      await database.ask(asking, { text: RELEASE, values: [name, epoch] });
    },
  };
}
