import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, expect, it } from "@jest/globals";
import { openDatabase, type Database } from "../../../src/store/postgres/database.ts";
import { migrate } from "../../../src/store/postgres/migrate.ts";
import { readMigrations } from "../../../src/store/read-migrations.ts";
import { COLUMNS, columnsOf } from "../../../src/store/summary-columns.ts";
import { writeEvent } from "../../../src/store/stored-event.ts";
import { describeWith } from "../../support/real.ts";
import { onlyDue } from "../outbox.contract.ts";
import { ended, finished, said, summary } from "../run-fixtures.ts";
import { alertGroup } from "../side-stores.contract.ts";
import { optionsFor, testServer } from "./test-database.ts";

const MIGRATIONS = new URL("../../../src/store/postgres/migrations/", import.meta.url);

/** Calls the function `append` as the version of schema 1 does, which does not say when. */
async function appendAsBefore(database: Database, runId: string, closes = false): Promise<void> {
  const event = closes ? finished() : said("one");
  const columns = columnsOf(closes ? ended() : summary());
  const summed = COLUMNS.map((column) => columns[column]);
  const values = [runId, 0, randomUUID(), "before", [writeEvent(event)], closes, ...summed];
  const places = values.map((_, index) => `$${index + 1}`).join(", ");
  const text = `SELECT appended, version FROM sealwatch.append(${places})`;
  const rows = await database.ask({ what: "append", again: "unsent" }, { text, values });
  expect(rows).toEqual([{ appended: true, version: 1 }]);
}

describeWith(["postgresql"], "a database of a version that knew no outbox", () => {
  const { server, open, emptyDatabase } = testServer();
  let name = "";
  let before: Database;
  beforeEach(async () => {
    name = await emptyDatabase();
    before = openDatabase(optionsFor(server(), name));
    await migrate(before, readMigrations(MIGRATIONS).slice(0, 1));
  });
  afterEach(async () => await before.close());

  async function putAsBefore(key: string, receivedAt: number, body: string): Promise<void> {
    const text = "INSERT INTO sealwatch.alert_groups VALUES ($1, $2, $3)";
    await before.ask({ what: "put", again: "unsent" }, { text, values: [key, receivedAt, body] });
  }

  it("has in the outbox what is still going on, once, and nothing that ended", async () => {
    await appendAsBefore(before, "R1");
    await appendAsBefore(before, "R2", true);
    await appendAsBefore(before, "R3");
    const odd = alertGroup({ key: "with what jsonb does not take", receivedAt: 4 });
    const [alert] = odd.alerts;
    const groups = [
      alertGroup({ key: "resolved", status: "resolved", receivedAt: 1 }),
      alertGroup({ key: "second", receivedAt: 3 }),
      alertGroup({ key: "first", receivedAt: 2 }),
      { ...odd, alerts: [{ ...alert, labels: { a: "\u0000 \ud83d" } }] },
    ];
    for (const group of groups) await putAsBefore(group.key, group.receivedAt, JSON.stringify(group));
    await putAsBefore("damaged", 5, "{");
    const began = Date.now();

    const store = await open({ database: name });
    const due = await store.outbox.due(0, 100);
    expect(due.map(({ subject }) => subject).toSorted()).toEqual(
      ["run:R1", "run:R3", "alert:damaged", "alert:first", "alert:second", `alert:${odd.key}`].toSorted(),
    );
    // The server's clock is this machine's.
    for (const { changedAt } of due) expect(Math.abs(changedAt - began)).toBeLessThan(60_000);
    for (const item of due) expect(await store.outbox.settle(item)).toBe(true);
    await store.close();

    const again = await open({ database: name });
    expect(await again.outbox.due(0, 100)).toEqual([]);
    await again.close();
  });

  it("notes also what replicas of that version append, which are replaced one by one", async () => {
    const store = await open({ database: name });
    const began = Date.now();
    await appendAsBefore(before, "R1");
    const { subject, changedAt } = await onlyDue(store.outbox);
    expect(subject).toBe("run:R1");
    expect(Math.abs(changedAt - began)).toBeLessThan(60_000);
    expect(await store.runs.verify("R1")).toBeUndefined();
    await store.close();
  });
});
