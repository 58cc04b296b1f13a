import { randomUUID } from "node:crypto";
import { silentLogger } from "../../lib/logger.ts";
import { thisMachine } from "../holder.ts";
import type { Store } from "../store.ts";
import { createPostgresAlerts } from "./alerts.ts";
import type { PostgresOptions } from "./connection.ts";
import { openDatabase, type Database } from "./database.ts";
import { createPostgresHolders } from "./holders.ts";
import { openPostgresIdentities } from "./identities.ts";
import { createPostgresLocks } from "./locks.ts";
import { createPostgresMessages } from "./messages.ts";
import { migrate } from "./migrate.ts";
import { createRunWatch } from "./run-watch.ts";
import { createPostgresRuns } from "./runs.ts";
import { createPostgresWalkLock } from "./walk-lock.ts";

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
  const watch = createRunWatch({ database, instance, timers, logger });
  logger.info("store opened", { where: database.where, schema });
  return {
    runs: { ...createPostgresRuns(database, instance), watch: watch.watch },
    locks: createPostgresLocks(database),
    alerts: createPostgresAlerts(database),
    messages: createPostgresMessages(database),
    holders: createPostgresHolders(database, machine),
    identities,
    walkLock: createPostgresWalkLock(database),
    close: async () => {
      await watch.close();
      await identities.close();
      await database.close();
    },
  };
}
