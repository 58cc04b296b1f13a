import type { ClientConfig } from "pg";
import type { Timers } from "../../lib/clock.ts";
import type { Logger } from "../../lib/logger.ts";
import type { Secret } from "../../lib/secret.ts";
import type { Machine } from "../holder.ts";
import { readTls, type PostgresTls } from "./tls.ts";

/** How to reach the database, and who we are there. */
export type PostgresOptions = {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /** Asked at every new connection, so that a password may be rotated. */
  readonly readPassword: () => Promise<Secret>;
  readonly tls: PostgresTls;
  readonly timers: Timers;
  readonly logger?: Logger;
  /** Where holders' processes are looked up; default: this machine. */
  readonly machine?: Machine;
};

const CONNECT_MS = 2000;
const STATEMENT_MS = 5000;
/** The server ends a statement before we give it up: then its fate is known. */
const ANSWER_MS = STATEMENT_MS + 1000;
/** A connection on which nothing is said is tried after so long; the kernel then gives it 10 s. */
const KEEP_ALIVE_MS = 10_000;

/** Says what pg would otherwise take from PGHOST and its kin: where the store is, the configuration alone decides. */
export function clientConfig(options: PostgresOptions): ClientConfig {
  const { host, port, database, user, readPassword, tls } = options;
  return {
    host,
    port,
    database,
    user,
    password: async () => (await readPassword()).reveal(),
    ssl: readTls(tls),
    application_name: "sealwatch",
    client_encoding: "UTF8",
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: ANSWER_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
  };
}

/**
 * Settings of a session. A commit is on the server's disk when it is answered, and on the synchronous standby's, where there is one: a
 * stronger setting of the administrator stays.
 */
export const SESSION = `
  SELECT
    set_config('statement_timeout', '${STATEMENT_MS}', false),
    set_config('idle_in_transaction_session_timeout', '${STATEMENT_MS}', false),
    set_config('default_transaction_isolation', 'read committed', false),
    set_config('synchronous_commit', CASE WHEN held IN ('off', 'local') THEN 'on' ELSE held END, false)
  FROM (SELECT current_setting('synchronous_commit') AS held) AS administrator`;

/** Names the database in messages. */
export function describePlace({ host, port, database }: PostgresOptions): string {
  return `PostgreSQL database ${database} on ${host}:${port}`;
}
