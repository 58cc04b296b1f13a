import type { DatabaseSync } from "node:sqlite";
import { isNativeError } from "node:util/types";
import { FailureError, type FailureReason } from "../../lib/failure.ts";

/** Database is an open file with its path, for error messages. */
export type Database = { readonly path: string; readonly sqlite: DatabaseSync };

/** Primary result codes (https://www.sqlite.org/rescode.html) that a person can do something about. */
const WHY: ReadonlyMap<number, { readonly reason: FailureReason; readonly why: string; readonly advice: string }> =
  new Map([
    [5, { reason: "timeout", why: "another process keeps it locked", advice: "end that process or wait for it" }],
    [8, { reason: "denied", why: "it is read-only", advice: "make the file and its directory writable for sealwatch" }],
    [10, { reason: "server-error", why: "the disk failed", advice: "look at the kernel's log and the volume" }],
    [11, { reason: "invalid-answer", why: "it is damaged", advice: "restore it from its backup" }],
    [13, { reason: "server-error", why: "the disk is full", advice: "make room on the volume" }],
    [
      14,
      {
        reason: "denied",
        why: "it cannot be opened",
        advice: "create its directory and make both writable for sealwatch",
      },
    ],
    [
      26,
      {
        reason: "invalid-answer",
        why: "it is not an SQLite database",
        advice: "check store.path in the configuration",
      },
    ],
  ]);

/** Does something with the file; SQLite's own errors come out as `FailureError`, with what was tried and what to do. */
export function attempt<T>(what: string, path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!isNativeError(error) || !("errcode" in error) || typeof error.errcode !== "number") throw error;
    const primary = error.errcode & 0xff;
    const { reason, why, advice } = WHY.get(primary) ?? {
      reason: "server-error" as const,
      why: error.message,
      advice: "look this message up in SQLite's documentation",
    };
    const message = `cannot ${what} in ${path}: ${why} (SQLite code ${primary}); ${advice}`;
    throw new FailureError({ reason, message, retryable: primary === 5 }, { cause: error });
  }
}

/**
 * Runs work in a transaction that has the write lock from its start, so that what was read is still true at the write;
 * commits when it returns, rolls back when it throws.
 */
export function transact<T>(database: Database, what: string, work: () => T): T {
  return attempt(what, database.path, () => {
    database.sqlite.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      database.sqlite.exec("COMMIT");
      return result;
    } catch (error) {
      // Some errors (a full disk) have rolled back already.
      if (database.sqlite.isTransaction) database.sqlite.exec("ROLLBACK");
      throw error;
    }
  });
}
