import { expect, it } from "@jest/globals";
import { Client } from "pg";
import { FailureError, type FailureReason } from "../../../src/lib/failure.ts";
import { Secret } from "../../../src/lib/secret.ts";
import { findFreePorts } from "../../../src/sandbox/openbao/free-ports.ts";
import { askVersion } from "../../../src/store/postgres/ask-version.ts";
import { openDatabase } from "../../../src/store/postgres/database.ts";
import type { PostgresOptions } from "../../../src/store/postgres/connection.ts";
import { describeWith } from "../../support/real.ts";
import { ROLE } from "../../support/postgresql.ts";
import { onlyDue } from "../outbox.contract.ts";
import { ended, finished, said, summary } from "../run-fixtures.ts";
import { alertGroup } from "../side-stores.contract.ts";
import { optionsFor, testServer } from "./test-database.ts";

/** What a session says of its settings, when the server's administrator prefers speed. */
const SETTINGS = `
  SELECT current_setting('synchronous_commit') AS commit, current_setting('statement_timeout') AS timeout,
    current_setting('default_transaction_isolation') AS isolation`;

describeWith(["postgresql"], "opening a PostgreSQL store", () => {
  const { server, open, emptyDatabase } = testServer({ settings: { default_transaction_isolation: "serializable" } });

  it("has everything again after it was closed and opened", async () => {
    const database = await emptyDatabase();
    const before = await open({ database });
    await before.runs.append("R1", 0, [said("one"), finished()], ended());
    const events = await before.runs.read("R1");
    await before.alerts.put(alertGroup());
    await before.messages.put({ key: "run:R1/card", channel: "C1", ts: "1.1", digest: "d" });
    await before.holders.beat("elsewhere:7:abc", 0);
    before.identities.save("prod", { clusterId: "id-1", clusterName: "vault-cluster-1" });
    await before.locks.acquire("prod", "R2", 5);
    await before.outbox.note("home:U1", 500);
    const due = await before.outbox.due(1000, 10);
    await before.inbox.first("click-1", 1000);
    await before.close();

    const after = await open({ database });
    expect(await after.runs.read("R1")).toEqual(events);
    expect(await after.runs.list({ open: false, limit: 1 })).toEqual([{ id: "R1", version: 2, summary: ended() }]);
    expect(await after.alerts.list()).toEqual([alertGroup()]);
    expect(await after.messages.list("run:R1/")).toHaveLength(1);
    expect(await after.holders.isAlive("elsewhere:7:abc", 0)).toBe(true);
    expect(after.identities.load("prod")).toEqual({ clusterId: "id-1", clusterName: "vault-cluster-1" });
    expect(await after.locks.list()).toEqual([{ cluster: "prod", runId: "R2", since: 5 }]);
    expect(await after.outbox.due(1000, 10)).toEqual(due);
    expect(due.map(({ subject }) => subject).toSorted()).toEqual(["alert:" + alertGroup().key, "home:U1", "run:R1"]);
    expect(await after.inbox.first("click-1", 2000)).toBe(false);
    await after.close();
  });

  it("brings ten instances through the first opening of one database", async () => {
    const database = await emptyDatabase();
    const stores = await Promise.all(Array.from({ length: 10 }, async () => await open({ database })));
    for (const [place, { runs }] of stores.entries()) await runs.append("R1", place, [said("one")], summary());
    await Promise.all(stores.map(async ({ close }) => await close()));
    expect(await server().execute(database, "SELECT number FROM sealwatch.migrations")).toEqual([
      { number: 1 },
      { number: 2 },
    ]);
  });

  it("works in a schema that was made for it, without the right to make one", async () => {
    const database = await server().createDatabase();
    const statements = `ALTER DATABASE ${database} OWNER TO postgres; CREATE SCHEMA sealwatch AUTHORIZATION ${ROLE.user}`;
    await server().execute(database, statements);
    const store = await open({ database });
    await store.runs.append("R1", 0, [said("one")], summary());
    await store.close();
  });

  it("has commits that wait for the disk, statements that end, and no surprises of isolation, whatever the server's defaults are", async () => {
    const database = openDatabase(optionsFor(server(), await emptyDatabase()));
    const rows = await database.ask({ what: "read the settings", again: "once" }, { text: SETTINGS });
    expect(rows).toEqual([{ commit: "on", timeout: "5s", isolation: "read committed" }]);
    await database.close();
  });

  it("asks for the password at every new connection, so that it can be rotated", async () => {
    let asked = 0;
    const readPassword = async () => {
      asked += 1;
      return new Secret(ROLE.password);
    };
    const store = await open({ readPassword });
    await Promise.all(Array.from({ length: 3 }, async () => await store.runs.list({ limit: 1 })));
    expect(asked).toBeGreaterThan(1);
    await store.close();
  });

  it("tells the version of a server whose database it leaves as it is", async () => {
    const database = await emptyDatabase();
    const said = await askVersion(optionsFor(server(), database));
    expect(said).toMatch(new RegExp(`^PostgreSQL database ${database} on 127.0.0.1:\\d+, version \\d+`, "u"));
    expect(await server().execute(database, "SELECT to_regnamespace('sealwatch') AS schema")).toEqual([
      { schema: null },
    ]);
  });

  type Refusal = {
    readonly name: string;
    /** Spoils the database, or gives other options. */
    readonly make: (database: string) => Promise<Partial<PostgresOptions> | void>;
    readonly reason: FailureReason;
    readonly says: string;
  };

  it.each<Refusal>([
    {
      name: "a wrong password",
      make: async () => ({ readPassword: async () => new Secret("mistaken-password") }),
      reason: "denied",
      says: "the password is wrong, or there is no such user (28P01); check store.postgres.user and password",
    },
    {
      name: "a password that cannot be read",
      make: async () => ({
        readPassword: async () => {
          throw new FailureError({
            reason: "not-found",
            retryable: false,
            message: "cannot read the secret from file x",
          });
        },
      }),
      reason: "not-found",
      says: "cannot read the secret from file x",
    },
    {
      name: "a database that is not there",
      make: async () => ({ database: "nowhere" }),
      reason: "not-found",
      says: "there is no such database (3D000); create it, or correct store.postgres.database",
    },
    {
      name: "a server that is not there",
      make: async () => ({ port: (await findFreePorts(1))[0] ?? 0 }),
      reason: "unreachable",
      says: "nothing listens there (connection refused) (ECONNREFUSED); check that the server runs",
    },
    {
      name: "a host that is not there",
      make: async () => ({ host: "nowhere.invalid" }),
      reason: "unreachable",
      says: "the host's name does not resolve",
    },
    {
      name: "a server without TLS where TLS is wanted",
      make: async () => ({ tls: { mode: "verify-full" } }),
      reason: "unreachable",
      says: "The server does not support SSL connections; check the server, the network, and store.postgres",
    },
    {
      name: "a role that may not make the schema",
      make: async (database) => void (await server().execute(database, `ALTER DATABASE ${database} OWNER TO postgres`)),
      reason: "denied",
      says: "this user may not do that (42501); let it own the schema: CREATE SCHEMA sealwatch AUTHORIZATION",
    },
    {
      name: "a schema of another program",
      make: async (database) =>
        void (await server().execute(database, "CREATE SCHEMA sealwatch; CREATE TABLE sealwatch.theirs (id INTEGER)")),
      reason: "refused",
      says: "its schema sealwatch belongs to another program; make a database for sealwatch alone",
    },
    {
      name: "a schema whose migrations are another program's",
      make: async (database) => {
        const create = "CREATE TABLE sealwatch.migrations (number INTEGER, name TEXT)";
        const insert = "INSERT INTO sealwatch.migrations VALUES (1, 'theirs')";
        const grant = `GRANT ALL ON ALL TABLES IN SCHEMA sealwatch TO ${ROLE.user}`;
        await server().execute(
          database,
          `CREATE SCHEMA sealwatch AUTHORIZATION ${ROLE.user}; ${create}; ${insert}; ${grant}`,
        );
      },
      reason: "refused",
      says: "its schema sealwatch belongs to another program",
    },
    {
      name: "a schema of a newer sealwatch",
      make: async (database) => {
        await (await open({ database })).close();
        await server().execute(database, "INSERT INTO sealwatch.migrations (number, name) VALUES (3, '0003-later')");
      },
      reason: "refused",
      says: "its schema 3 is newer than this sealwatch knows (2); run the version that wrote it, or a later one",
    },
  ])("refuses $name, says why, and never the password", async ({ make, reason, says }) => {
    const database = await server().createDatabase();
    const changes = (await make(database)) ?? {};
    const refusal = await open({ database, ...changes }).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(refusal).toBeInstanceOf(FailureError);
    expect(refusal).toMatchObject({ reason, message: expect.stringContaining(says) });
    expect(String(refusal)).not.toMatch(/password-of-tests|mistaken-password/u);
  });

  it("refuses a database that is not in UTF8", async () => {
    const database = "latin";
    await server().execute(
      "postgres",
      `CREATE DATABASE ${database} OWNER ${ROLE.user} ENCODING 'LATIN1' TEMPLATE template0`,
    );
    await expect(open({ database })).rejects.toMatchObject({
      reason: "refused",
      message: expect.stringContaining("its encoding is LATIN1; make the database with ENCODING 'UTF8'"),
    });
  });

  it.each(["UPDATE sealwatch.events SET text = '{}'", "DELETE FROM sealwatch.events", "TRUNCATE sealwatch.events"])(
    "makes tables that refuse to whoever tries: %s",
    async (statement) => {
      const database = await emptyDatabase();
      const store = await open({ database });
      await store.runs.append("R1", 0, [said("one")], summary());
      await expect(server().execute(database, statement)).rejects.toThrow("timelines are append-only");
      await store.close();
    },
  );

  it("names the run and the event whose text is no event", async () => {
    const database = await emptyDatabase();
    const store = await open({ database });
    await store.runs.append("R1", 0, [said("one")], summary());
    await server().execute(
      database,
      `SET session_replication_role = replica; UPDATE sealwatch.events SET text = '{"type":"Said"}'`,
    );
    await expect(store.runs.read("R1")).rejects.toMatchObject({
      reason: "invalid-answer",
      message: expect.stringContaining(
        `cannot read event 1 of run R1 in PostgreSQL database ${database} on 127.0.0.1:`,
      ),
    });
    await store.close();
  });

  it("keeps nothing of an append that fails in its middle, and goes on after it", async () => {
    const database = await emptyDatabase();
    const store = await open({ database });
    await store.runs.append("R1", 0, [said("one")], summary());
    const before = await onlyDue(store.outbox);
    await server().execute(database, FAILING_TRIGGER);
    await expect(store.runs.append("R1", 1, [said("second"), said("third")], summary())).rejects.toMatchObject({
      reason: "server-error",
      message: expect.stringMatching(
        /^cannot append to run R1 in PostgreSQL database \S+ on \S+: on purpose \(P0001\)/u,
      ),
    });
    expect(await onlyDue(store.outbox)).toEqual(before);
    await store.runs.append("R1", 1, [said("fourth")], summary());
    expect(await store.runs.verify("R1")).toBeUndefined();
    await store.close();
  });

  it("keeps neither an append nor an alert group that cannot be noted in the outbox", async () => {
    const database = await emptyDatabase();
    const store = await open({ database });
    await server().execute(database, FAILING_OUTBOX);
    await expect(store.runs.append("R1", 0, [said("one")], summary())).rejects.toThrow("on purpose");
    await expect(store.alerts.put(alertGroup())).rejects.toThrow("on purpose");
    expect(await store.runs.list({ limit: 1 })).toEqual([]);
    expect(await store.alerts.list()).toEqual([]);
    await store.close();
  });

  it("says that a lock of the database holds a statement up, when its time is over", async () => {
    const database = await emptyDatabase();
    const store = await open({ database });
    await store.runs.append("R1", 0, [said("one")], summary());
    const administrator = new Client(server().administratorOf(database));
    await administrator.connect();
    await administrator.query("BEGIN; SELECT FROM sealwatch.runs WHERE id = 'R1' FOR UPDATE");
    await expect(store.runs.append("R1", 1, [said("two")], summary())).rejects.toMatchObject({
      reason: "timeout",
      retryable: true,
      message: expect.stringContaining("it took too long (57014); look for locks and load in the database"),
    });
    await administrator.end();
    await store.runs.append("R1", 1, [said("two")], summary());
    await store.close();
  });
});

const FAILING = `
  CREATE FUNCTION sealwatch.fail() RETURNS TRIGGER LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'on purpose'; END $$;`;

const FAILING_OUTBOX = `${FAILING}
  CREATE TRIGGER fails BEFORE INSERT ON sealwatch.outbox FOR EACH ROW EXECUTE FUNCTION sealwatch.fail()`;

const FAILING_TRIGGER = `${FAILING}
  CREATE TRIGGER fails BEFORE INSERT ON sealwatch.events FOR EACH ROW WHEN (new.text LIKE '%third%') EXECUTE FUNCTION sealwatch.fail()`;
