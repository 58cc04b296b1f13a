import { afterAll, beforeAll } from "@jest/globals";
import { systemTimers } from "../../../src/app/system.ts";
import { Secret } from "../../../src/lib/secret.ts";
import type { PostgresOptions } from "../../../src/store/postgres/connection.ts";
import { openPostgresStore } from "../../../src/store/postgres/open.ts";
import type { Store } from "../../../src/store/store.ts";
import { ROLE, startPostgresql, type PostgresqlOptions, type RunningPostgresql } from "../../support/postgresql.ts";

/** A server for the tests of a file. */
export type TestServer = {
  readonly server: () => RunningPostgresql;
  /** Opens a store in a database: an empty one, unless one is named. */
  readonly open: (changes?: Partial<PostgresOptions>) => Promise<Store>;
  /** Empties the one database that a suite may use again and again, which is faster than making new ones; gives its name. */
  readonly emptyDatabase: () => Promise<string>;
};

/** How sealwatch reaches a server of tests. */
export function optionsFor(server: Pick<RunningPostgresql, "host" | "port">, database: string): PostgresOptions {
  return {
    host: server.host,
    port: server.port,
    database,
    user: ROLE.user,
    readPassword: async () => new Secret(ROLE.password),
    tls: { mode: "disable" },
    timers: systemTimers,
  };
}

/** What makes locks older: the database's clock cannot be moved, but what it wrote down can. */
export const elapsedSql = (ms: number): string => `UPDATE sealwatch.walk_locks SET expires_at = expires_at - ${ms}`;

/** Starts a server before all tests of a suite and ends it after them. */
export function testServer(options: PostgresqlOptions = {}): TestServer {
  let server: RunningPostgresql;
  let database = "";
  beforeAll(async () => {
    server = await startPostgresql(options);
    database = await server.createDatabase();
  });
  const emptyDatabase = async (): Promise<string> => {
    await server.execute(database, "DROP SCHEMA IF EXISTS sealwatch CASCADE");
    return database;
  };
  afterAll(async () => await server[Symbol.asyncDispose]());
  return {
    server: () => server,
    emptyDatabase,
    open: async (changes = {}) => {
      const place = optionsFor(server, changes.database ?? (await emptyDatabase()));
      return await openPostgresStore({ ...place, ...changes });
    },
  };
}
