import { z } from "zod";
import type { WalkLock } from "../../exporter/lease-walk/walk-lock.ts";
import type { Database } from "./database.ts";

const Row = z.object({ epoch: z.coerce.number() });

const ACQUIRE = `
  INSERT INTO sealwatch.walk_locks AS held (name, epoch, expires_at) VALUES ($1, 1, $3)
  ON CONFLICT (name) DO UPDATE SET epoch = held.epoch + 1, expires_at = excluded.expires_at WHERE held.expires_at <= $2
  RETURNING epoch`;

const RENEW = "UPDATE sealwatch.walk_locks SET expires_at = $3 WHERE name = $1 AND epoch = $2 RETURNING epoch";
const RELEASE = "UPDATE sealwatch.walk_locks SET expires_at = 0 WHERE name = $1 AND epoch = $2";

/**
 * Keeps in the table `walk_locks` who holds which lock; every statement is a transaction of its own, so that one of two replicas wins. When
 * clocks differ two may walk at once, which costs Vault some requests and nothing else.
 */
export function createPostgresWalkLock(database: Database): WalkLock {
  return {
    async acquire(name, { at, ttlMs }) {
      // Not again once it was sent: we might refuse ourselves what we have just been given.
      const asking = { what: `take the lock ${name}`, again: "unsent" } as const;
      const [row] = await database.ask(asking, { text: ACQUIRE, values: [name, at, at + ttlMs] });
      return row === undefined ? undefined : { name, ...Row.parse(row) };
    },
    async renew({ name, epoch }, { at, ttlMs }) {
      const values = [name, epoch, at + ttlMs];
      const rows = await database.ask({ what: `renew the lock ${name}`, again: "once" }, { text: RENEW, values });
      return rows.length === 1;
    },
    async release({ name, epoch }) {
      const asking = { what: `give back the lock ${name}`, again: "once" } as const;
      await database.ask(asking, { text: RELEASE, values: [name, epoch] });
    },
  };
}
