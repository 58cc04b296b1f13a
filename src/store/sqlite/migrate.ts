import { z } from "zod";
import { FailureError } from "../../lib/failure.ts";
import { readMigrations, type Migration } from "../read-migrations.ts";
import { transact, type Database } from "./database.ts";

/** "SEAL" in ASCII: by it `file` and we tell our files from other SQLite databases. */
const APPLICATION_ID = 0x5345414c;
const FOLDER = new URL("migrations/", import.meta.url);

const Header = z.object({ application_id: z.number(), user_version: z.number(), tables: z.number() });

/** Brings a file's schema up to this program's; refuses files of other programs and of newer versions. Gives the schema's number. */
export function migrate(database: Database, migrations: readonly Migration[] = readMigrations(FOLDER)): number {
  const latest = migrations.length;
  refuseForeign(database, latest);
  if (readHeader(database).user_version === latest) return latest;
  transact(database, "update the schema", () => {
    // Read again under the lock: another process may have done it meanwhile.
    const current = readHeader(database).user_version;
    for (const { sql } of migrations.slice(current)) database.sqlite.exec(sql);
    database.sqlite.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${latest}`);
  });
  return latest;
}

function refuseForeign(database: Database, latest: number): void {
  const { application_id: application, user_version: version, tables } = readHeader(database);
  if (application !== APPLICATION_ID && tables > 0)
    throw refusal(database, "it belongs to another program", "check store.path in the configuration");
  if (version > latest)
    throw refusal(
      database,
      `its schema ${version} is newer than this sealwatch knows (${latest})`,
      "run the version that wrote it, or a later one",
    );
}

function refusal({ path }: Database, why: string, advice: string): FailureError {
  return new FailureError({
    reason: "refused",
    message: `cannot open the store in ${path}: ${why}; ${advice}`,
    retryable: false,
  });
}

function readHeader({ sqlite }: Database): z.infer<typeof Header> {
  return Header.parse(
    sqlite
      .prepare(
        "SELECT application_id, user_version, (SELECT count(*) FROM sqlite_schema) AS tables FROM pragma_application_id, pragma_user_version",
      )
      .get(),
  );
}
