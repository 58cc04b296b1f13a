import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { openStore, probePostgres } from "../../src/app/open-store.ts";
import { Store } from "../../src/config/sections/store.ts";
import { silentLogger } from "../../src/lib/logger.ts";
import { ROLE, startPostgresql, type RunningPostgresql } from "../support/postgresql.ts";
import { describeWith } from "../support/real.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { said, summary } from "../store/run-fixtures.ts";

const SCRIPT = `
  import { createRequire } from "node:module";
  import { openStore } from "${new URL("../../src/app/open-store.ts", import.meta.url).href}";
  import { silentLogger } from "${new URL("../../src/lib/logger.ts", import.meta.url).href}";
  const store = await openStore(JSON.parse(process.argv[2]), { env: { PASSWORD: process.argv[3] }, logger: silentLogger });
  await store.close();
  const loaded = Object.keys(createRequire(import.meta.url).cache);
  process.stdout.write(String(loaded.some((file) => file.includes("/node_modules/pg/"))));`;

/** Whether a process that opens this store loads PostgreSQL's driver. */
async function loadsDriver(config: unknown): Promise<string> {
  await using directory = await temporaryDirectory();
  const script = join(directory.path, "open.mts");
  await writeFile(script, SCRIPT);
  const args = [script, JSON.stringify(config), ROLE.password];
  return (await promisify(execFile)(process.execPath, args)).stdout;
}

describe("openStore", () => {
  it("opens the file that is named, and loads no driver of a database for it", async () => {
    await using directory = await temporaryDirectory();
    const path = join(directory.path, "s.db");
    const store = await openStore(Store.parse({ path }), { env: {}, logger: silentLogger });
    await store.runs.append("R1", 0, [said("one")], summary());
    await store.close();
    expect(await loadsDriver({ path })).toBe("false");
  });
});

describeWith(["postgresql"], "openStore with PostgreSQL", () => {
  let server: RunningPostgresql;
  beforeAll(async () => {
    server = await startPostgresql();
  });
  afterAll(async () => await server[Symbol.asyncDispose]());

  /** As a person writes it, without what has a default. */
  const configFor = async () => ({
    postgres: {
      host: server.host,
      port: server.port,
      database: await server.createDatabase(),
      password: { env: "PASSWORD" },
      tls: { mode: "disable" },
    },
  });
  const options = { env: { PASSWORD: ROLE.password }, logger: silentLogger };

  it("opens the database, and has again what was stored there", async () => {
    const config = await configFor();
    const before = await openStore(Store.parse(config), options);
    await before.runs.append("R1", 0, [said("one")], summary());
    await before.close();
    const after = await openStore(Store.parse(config), options);
    expect(await after.runs.read("R1")).toHaveLength(1);
    await after.close();
    expect(await loadsDriver(Store.parse(config))).toBe("true");
  });

  it("says where the password should have come from", async () => {
    const config = Store.parse(await configFor());
    await expect(openStore(config, { ...options, env: {} })).rejects.toThrow(
      "cannot read the secret from variable PASSWORD: the variable is not set",
    );
  });

  it("is probed without being changed", async () => {
    const { postgres } = Store.parse(await configFor());
    if (postgres === undefined) throw new Error("the fixture names a database");
    expect(await probePostgres(postgres, options)).toContain(`PostgreSQL database ${postgres.database} on 127.0.0.1:`);
    const sql = "SELECT to_regnamespace('sealwatch') AS schema";
    expect(await server.execute(postgres.database, sql)).toEqual([{ schema: null }]);
  });
});
