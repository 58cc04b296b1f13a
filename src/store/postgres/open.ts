import { randomUUID } from "node:crypto";
import { silentLogger } from "../../lib/logger.ts";
import { createBell } from "../bell.ts";
import { thisMachine } from "../holder.ts";
import type { Store } from "../store.ts";
import { createPostgresAlerts } from "./alerts.ts";
import { createChangeWatch } from "./change-watch.ts";
import type { PostgresOptions } from "./connection.ts";
import { openDatabase, type Database } from "./database.ts";
import { createPostgresHolders } from "./holders.ts";
import { openPostgresIdentities } from "./identities.ts";
import { createPostgresInbox } from "./inbox.ts";
import { createPostgresLocks } from "./locks.ts";
import { createPostgresMessages } from "./messages.ts";
import { migrate } from "./migrate.ts";
import { createPostgresOutbox } from "./outbox.ts";
import { createPostgresRuns } from "./runs.ts";
import { createPostgresTimedLock } from "./timed-lock.ts";

/**
 * Connects to the database and brings its schema up to date; throws `FailureError` when it cannot be reached, is newer than this program, or
 * holds another program's tables. Once open, the store outlives restarts and fail-overs of the server.
 */
export async function openPostgresStore(options: PostgresOptions): Promise<Store> {
  const database = openDatabase(options);
  try {
    return await openOn(database, options);
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function openOn(database: Database, options: PostgresOptions): Promise<Store> {
  const { timers, logger = silentLogger, machine = thisMachine } = options;
  const schema = await migrate(database);
  const identities = await openPostgresIdentities({ database, timers, logger });
  const instance = randomUUID();
  const bell = createBell();
  const watch = createChangeWatch({ database, instance, bell, timers, logger });
  const noting = { database, instance, bell };
  logger.info("store opened", { where: database.where, schema });
  return {
    runs: { ...createPostgresRuns(noting), watch: watch.watchRuns },
    locks: createPostgresLocks(database),
    alerts: createPostgresAlerts(noting),
    messages: createPostgresMessages(database),
    outbox: { ...createPostgresOutbox(noting), watch: watch.watchOutbox },
    inbox: createPostgresInbox(database),
    holders: createPostgresHolders(database, machine),
    identities,
    timedLock: createPostgresTimedLock(database),
    close: async () => {
      await watch.close();
      await identities.close();
      await database.close();
    },
  };
}
