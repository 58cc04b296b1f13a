import { readdirSync, readFileSync } from "node:fs";

const NAME = /^(?<number>\d{4})-[a-z0-9-]+[.]sql$/u;

/** Migration is one numbered step of a schema; it is never edited after a release, only followed by another. */
export type Migration = { readonly number: number; readonly name: string; readonly sql: string };

/** Reads the migrations of a folder, whose files are called `0001-first.sql` and so on; throws when a number is missing. */
export function readMigrations(folder: URL): Migration[] {
  const migrations = readdirSync(folder)
    .sort()
    .map((file) => ({
      number: Number(NAME.exec(file)?.groups?.["number"]),
      name: file.replace(/[.]sql$/u, ""),
      sql: readFileSync(new URL(file, folder), "utf8"),
    }));
  const gap = migrations.findIndex(({ number }, index) => number !== index + 1);
  if (gap !== -1) throw new Error(`the migration with number ${gap + 1} is missing in ${folder.pathname}`);
  return migrations;
}
