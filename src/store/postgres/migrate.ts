import type { PoolClient } from "pg";
import { z } from "zod";
import { FailureError } from "../../lib/failure.ts";
import { readMigrations, type Migration } from "../read-migrations.ts";
import type { Database } from "./database.ts";

const FOLDER = new URL("migrations/", import.meta.url);
/** "SEAL" in ASCII: replicas that start together update the schema one after the other. */
const ADVISORY_LOCK = 0x5345414c;

const Header = z.object({
  encoding: z.string(),
  has_schema: z.boolean(),
  relations: z.coerce.number(),
  is_ours: z.boolean(),
});
const Applied = z.array(z.object({ number: z.number(), name: z.string() }));

/**
 * Brings the schema `sealwatch` of a database up to this program's, in one transaction that other replicas wait for; refuses one of another
 * program and one that is newer. Gives the schema's number.
 */
export async function migrate(
  database: Database,
  migrations: readonly Migration[] = readMigrations(FOLDER),
): Promise<number> {
  await database.withConnection("open the store", async (client) => {
    // The first replica may need longer than a statement may; the others wait for it.
    await client.query("BEGIN; SET LOCAL statement_timeout = '60s'");
    await client.query("SELECT pg_advisory_xact_lock($1)", [ADVISORY_LOCK]);
    await apply(client, migrations, database.where);
    await client.query("COMMIT");
  });
  return migrations.length;
}

async function apply(client: PoolClient, migrations: readonly Migration[], where: string): Promise<void> {
  const applied = await readApplied(client, where);
  refuseForeign(applied, migrations, where);
  for (const { number, name, sql } of migrations.slice(applied.length)) {
    await client.query(sql);
    await client.query("INSERT INTO sealwatch.migrations (number, name) VALUES ($1, $2)", [number, name]);
  }
}

async function readApplied(client: PoolClient, where: string): Promise<z.infer<typeof Applied>> {
  const { rows } = await client.query(READ_HEADER);
  const header = Header.parse(rows[0]);
  if (header.encoding !== "UTF8")
    throw refusal(where, `its encoding is ${header.encoding}`, "make the database with ENCODING 'UTF8'");
  if (header.is_ours)
    return Applied.parse((await client.query("SELECT number, name FROM sealwatch.migrations ORDER BY number")).rows);
  if (header.relations > 0) throw foreign(where);
  if (!header.has_schema) await client.query("CREATE SCHEMA sealwatch");
  await client.query(CREATE_MIGRATIONS);
  return [];
}

const READ_HEADER = `
  SELECT
    current_setting('server_encoding') AS encoding,
    to_regnamespace('sealwatch') IS NOT NULL AS has_schema,
    (SELECT count(*) FROM pg_class WHERE relnamespace = to_regnamespace('sealwatch')) AS relations,
    (
      SELECT count(*) = 2 FROM information_schema.columns
      WHERE table_schema = 'sealwatch' AND table_name = 'migrations' AND column_name IN ('number', 'name')
    ) AS is_ours`;

const CREATE_MIGRATIONS = `
  CREATE TABLE sealwatch.migrations (
    number     INTEGER     PRIMARY KEY,
    name       TEXT        NOT NULL,
    applied_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp()
  )`;

function refuseForeign(applied: z.infer<typeof Applied>, migrations: readonly Migration[], where: string): void {
  if (applied.length > migrations.length)
    throw refusal(
      where,
      `its schema ${applied.length} is newer than this sealwatch knows (${migrations.length})`,
      "run the version that wrote it, or a later one",
    );
  if (applied.some(({ name }, index) => name !== migrations[index]?.name)) throw foreign(where);
}

function foreign(where: string): FailureError {
  return refusal(
    where,
    "its schema sealwatch belongs to another program",
    "make a database for sealwatch alone, and name it in store.postgres.database",
  );
}

function refusal(where: string, why: string, advice: string): FailureError {
  return new FailureError({
    reason: "refused",
    message: `cannot open the store in ${where}: ${why}; ${advice}`,
    retryable: false,
  });
}
