import { expect, it } from "@jest/globals";
import { startPostgresql } from "../support/postgresql.ts";
import { describeWith } from "../support/real.ts";

describeWith(["postgresql"], "a PostgreSQL of tests", () => {
  it("has again what was committed before it was killed, and lets nobody in without the password", async () => {
    await using server = await startPostgresql({ durable: true });
    const database = await server.createDatabase();
    await server.execute(database, "CREATE TABLE kept (id INTEGER); INSERT INTO kept VALUES (7)");
    await server.kill();
    await expect(server.execute(database, "SELECT 1")).rejects.toThrow("ECONNREFUSED");
    await server.start();
    expect(await server.execute(database, "SELECT id FROM kept")).toEqual([{ id: 7 }]);
    const rules = await server.execute(database, "SELECT DISTINCT auth_method FROM pg_hba_file_rules");
    expect(rules).toEqual([{ auth_method: "scram-sha-256" }]);
  });
});
