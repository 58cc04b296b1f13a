import { z } from "zod";
import type { TimedLock } from "../../lib/timed-lock.ts";
import { attempt, type Database } from "./database.ts";

const Row = z.object({ epoch: z.number() });

/** Keeps in the table `walk_locks` who holds which lock; every statement is a transaction of its own, so that one of two processes wins. */
export function createSqliteTimedLock({ path, sqlite }: Database): TimedLock {
  const acquire = sqlite.prepare(
    `INSERT INTO walk_locks (name, epoch, expires_at) VALUES (:name, 1, :until)
     ON CONFLICT (name) DO UPDATE SET epoch = epoch + 1, expires_at = excluded.expires_at WHERE expires_at <= :at
     RETURNING epoch`,
  );
  const renew = sqlite.prepare("UPDATE walk_locks SET expires_at = :until WHERE name = :name AND epoch = :epoch");
  const release = sqlite.prepare("UPDATE walk_locks SET expires_at = 0 WHERE name = :name AND epoch = :epoch");
  return {
    async acquire(name, { at, ttlMs }) {
      const row = attempt(`take the lock ${name}`, path, () => acquire.get({ name, at, until: at + ttlMs }));
      return row === undefined ? undefined : { name, ...Row.parse(row) };
    },
    async renew({ name, epoch }, { at, ttlMs }) {
      const held = attempt(`renew the lock ${name}`, path, () => renew.run({ name, epoch, until: at + ttlMs }));
      return held.changes === 1;
    },
    async release({ name, epoch }) {
      attempt(`give back the lock ${name}`, path, () => release.run({ name, epoch }));
    },
  };
}
