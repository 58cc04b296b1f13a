import { DEFAULT_STORE_PATH, type Postgres, type StoreConfig } from "../config/sections/store.ts";
import { readSecret } from "../config/secret-source.ts";
import type { Logger } from "../lib/logger.ts";
import type { PostgresOptions } from "../store/postgres/connection.ts";
import { openSqliteStore } from "../store/sqlite/open.ts";
import type { Store } from "../store/store.ts";
import { systemTimers } from "./system.ts";

/** What a store is opened with. `env` is where a password named by `{ env }` is looked up. */
export type OpenStoreOptions = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logger: Logger;
};

/** Opens the configured store: the file, or the database, whose driver is loaded only then. Throws `FailureError` when it cannot be used. */
export async function openStore(config: StoreConfig, options: OpenStoreOptions): Promise<Store> {
  if (config.postgres === undefined)
    return openSqliteStore({ path: config.path ?? DEFAULT_STORE_PATH, logger: options.logger });
  const { openPostgresStore } = await import("../store/postgres/open.ts");
  return await openPostgresStore(postgresOptions(config.postgres, options));
}

/** Asks the configured database for its version, and changes nothing. Throws `FailureError` when it cannot be reached. */
export async function probePostgres(config: Postgres, options: OpenStoreOptions): Promise<string> {
  const { askVersion } = await import("../store/postgres/ask-version.ts");
  return await askVersion(postgresOptions(config, options));
}

function postgresOptions({ password, ...place }: Postgres, { env, logger }: OpenStoreOptions): PostgresOptions {
  return { ...place, readPassword: async () => await readSecret(password, { env }), timers: systemTimers, logger };
}
