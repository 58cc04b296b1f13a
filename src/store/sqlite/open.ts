import { closeSync, openSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { FailureError } from "../../lib/failure.ts";
import { silentLogger, type Logger } from "../../lib/logger.ts";
import { createBell } from "../bell.ts";
import { thisMachine, type Machine } from "../holder.ts";
import type { LocalStore } from "../store.ts";
import { createSqliteAlerts } from "./alerts.ts";
import { attempt, type Database } from "./database.ts";
import { createSqliteHolders } from "./holders.ts";
import { createSqliteIdentities } from "./identities.ts";
import { createSqliteInbox } from "./inbox.ts";
import { createSqliteLocks } from "./locks.ts";
import { createSqliteMessages } from "./messages.ts";
import { migrate } from "./migrate.ts";
import { createSqliteOutbox } from "./outbox.ts";
import { createSqliteRuns } from "./runs.ts";
import { createSqliteTimedLock } from "./timed-lock.ts";

const BUSY_TIMEOUT_MS = 5000;

/** A commit is on the disk when it returns (FULL), and readers never wait for the writer (WAL). */
const SETTINGS = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA foreign_keys = ON;
  PRAGMA trusted_schema = OFF;
`;

/** How to open a store. */
export type SqliteOptions = {
  readonly path: string;
  readonly logger?: Logger;
  /** Where holders' processes are looked up; default: this machine. */
  readonly machine?: Machine;
  /** How long a write waits for another process' lock, in milliseconds; the whole process waits with it. */
  readonly busyTimeoutMs?: number;
};

/**
 * Opens the SQLite file, and makes it when there is none (readable by its owner only). Checks its integrity and brings its schema up to date;
 * throws `FailureError` for a file that is damaged, newer than this program, or not ours.
 */
export function openSqliteStore(options: SqliteOptions): LocalStore {
  const { path, logger = silentLogger, machine = thisMachine } = options;
  const database = openDatabase(path, options.busyTimeoutMs ?? BUSY_TIMEOUT_MS);
  try {
    const schema = attempt("open the store", path, () => prepare(database));
    logger.info("store opened", { path, schema });
    const bell = createBell();
    return {
      runs: createSqliteRuns(database, bell),
      locks: createSqliteLocks(database),
      alerts: createSqliteAlerts(database, bell),
      messages: createSqliteMessages(database),
      outbox: createSqliteOutbox(database, bell),
      inbox: createSqliteInbox(database),
      holders: createSqliteHolders(database, machine),
      identities: createSqliteIdentities(database),
      timedLock: createSqliteTimedLock(database),
      close: () => database.sqlite.close(),
    };
  } catch (error) {
    database.sqlite.close();
    throw error;
  }
}

function openDatabase(path: string, timeout: number): Database {
  return attempt("open the store", path, () => {
    ownerOnly(path);
    return { path, sqlite: new DatabaseSync(path, { timeout }) };
  });
}

/** SQLite would make the file readable by everyone; its companions (-wal, -shm) take the mode of the file. */
function ownerOnly(path: string): void {
  try {
    closeSync(openSync(path, "ax", 0o600));
  } catch {
    // It exists, or cannot be made: SQLite opens it, or says why not.
  }
}

function prepare(database: Database): number {
  checkIntegrity(database);
  const schema = migrate(database);
  database.sqlite.exec(SETTINGS);
  return schema;
}

const Check = z.object({ quick_check: z.string() });

function checkIntegrity({ path, sqlite }: Database): void {
  const { quick_check: result } = Check.parse(sqlite.prepare("PRAGMA quick_check(1)").get());
  if (result === "ok") return;
  throw new FailureError({
    reason: "invalid-answer",
    message: `cannot open the store in ${path}: it is damaged (${result}); restore it from its backup`,
    retryable: false,
  });
}
