import { chmodSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "@jest/globals";
import { FailureError, type FailureReason } from "../../../src/lib/failure.ts";
import { openSqliteStore } from "../../../src/store/sqlite/open.ts";
import { runStoreContract } from "../../contracts/run-store.contract.ts";
import { clusterLocksContract } from "../cluster-locks.contract.ts";
import { inboxContract, inboxSweepContract } from "../inbox.contract.ts";
import { onlyDue, outboxContract } from "../outbox.contract.ts";
import { alertGroup, sideStoresContract } from "../side-stores.contract.ts";
import { timedLockContract } from "../timed-lock.contract.ts";
import { ended, finished, said, summary } from "../run-fixtures.ts";
import { temporaryFiles } from "./temporary-file.ts";

const temporaryFile = temporaryFiles();

describe("the SQLite store", () => {
  runStoreContract(() => openSqliteStore({ path: temporaryFile() }));
  sideStoresContract((machine) => openSqliteStore({ path: temporaryFile(), machine }));
  clusterLocksContract(() => openSqliteStore({ path: temporaryFile() }));
  timedLockContract(() => openSqliteStore({ path: temporaryFile() }));
  outboxContract(() => openSqliteStore({ path: temporaryFile() }));
  inboxContract(() => openSqliteStore({ path: temporaryFile() }));
  inboxSweepContract(async () => {
    const path = temporaryFile();
    const count = async () =>
      withSqlite(path, (sqlite) => Number(sqlite.prepare("SELECT count(*) AS count FROM inbox").get()?.["count"]));
    return { store: openSqliteStore({ path }), count };
  });

  it("has everything again after it was closed and opened", async () => {
    const path = temporaryFile();
    const before = openSqliteStore({ path });
    await before.runs.append("R1", 0, [said("one"), finished()], ended());
    const events = await before.runs.read("R1");
    await before.alerts.put(alertGroup());
    await before.messages.put({ key: "run:R1/card", channel: "C1", ts: "1.1", digest: "d" });
    await before.holders.beat("elsewhere:7:abc", 1000);
    before.identities.save("prod", { clusterId: "id-1", clusterName: "vault-cluster-1" });
    await before.outbox.note("home:U1", 500);
    const due = await before.outbox.due(1000, 10);
    await before.inbox.first("click-1", 1000);
    before.close();

    const after = openSqliteStore({ path });
    expect(await after.runs.read("R1")).toEqual(events);
    expect(await after.runs.list({ open: false, limit: 1 })).toEqual([{ id: "R1", version: 2, summary: ended() }]);
    expect(await after.runs.verify("R1")).toBeUndefined();
    expect(await after.alerts.list()).toEqual([alertGroup()]);
    expect(await after.messages.list("run:R1/")).toHaveLength(1);
    expect(await after.holders.isAlive("elsewhere:7:abc", 2000)).toBe(true);
    expect(after.identities.load("prod")).toEqual({ clusterId: "id-1", clusterName: "vault-cluster-1" });
    expect(await after.outbox.due(1000, 10)).toEqual(due);
    expect(due.map(({ subject }) => subject).toSorted()).toEqual(["alert:" + alertGroup().key, "home:U1", "run:R1"]);
    expect(await after.inbox.first("click-1", 2000)).toBe(false);
    after.close();
  });

  it("makes a file that only its owner can read", async () => {
    const path = temporaryFile();
    const store = openSqliteStore({ path });
    await store.holders.beat("elsewhere:7:abc", 1000);
    for (const file of [path, `${path}-wal`]) expect(statSync(file).mode & 0o077).toBe(0);
    store.close();
  });

  it("waits for nobody to read: WAL is on, and every commit is synced to the disk", () => {
    const path = temporaryFile();
    const store = openSqliteStore({ path });
    const sqlite = new DatabaseSync(path);
    expect(sqlite.prepare("PRAGMA journal_mode").get()).toEqual({ journal_mode: "wal" });
    sqlite.close();
    store.close();
  });

  it("forgets holders that were silent for more than a day", async () => {
    const path = temporaryFile();
    const store = openSqliteStore({ path });
    await store.holders.beat("elsewhere:7:old", 1000);
    await store.holders.beat("elsewhere:7:new", 1000 + 86_400_001);
    const sqlite = new DatabaseSync(path);
    expect(sqlite.prepare("SELECT holder FROM holders").all()).toEqual([{ holder: "elsewhere:7:new" }]);
    sqlite.close();
    store.close();
  });
});

type Refusal = { name: string; make: (path: string) => void; reason: FailureReason; says: string };

const REFUSALS: readonly Refusal[] = [
  {
    name: "a text file",
    make: (path) => writeFileSync(path, "these are a person's notes, and no database at all\n".repeat(100)),
    reason: "invalid-answer",
    says: "it is not an SQLite database (SQLite code 26); check store.path in the configuration",
  },
  {
    name: "a database of another program",
    make: (path) => withSqlite(path, (sqlite) => sqlite.exec("CREATE TABLE theirs (id)")),
    reason: "refused",
    says: "it belongs to another program; check store.path in the configuration",
  },
  {
    name: "a database of a newer sealwatch",
    make: (path) => {
      openSqliteStore({ path }).close();
      withSqlite(path, (sqlite) => sqlite.exec("PRAGMA user_version = 99"));
    },
    reason: "refused",
    says: "its schema 99 is newer than this sealwatch knows (5); run the version that wrote it, or a later one",
  },
  { name: "a damaged database", make: makeDamaged, reason: "invalid-answer", says: "it is damaged (" },
];

describe("opening", () => {
  it.each(REFUSALS)("refuses $name, says why, and leaves the file as it is", ({ make, reason, says }) => {
    const path = temporaryFile();
    make(path);
    const before = readFileSync(path);
    const refusal = failureOf(() => openSqliteStore({ path }));
    expect(refusal.reason).toBe(reason);
    expect(refusal.message).toContain(`cannot open the store in ${path}: ${says}`);
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it("says what to do about a directory that is not there", () => {
    const path = `${temporaryFile("missing")}/sealwatch.db`;
    const refusal = failureOf(() => openSqliteStore({ path }));
    expect(refusal.message).toContain("create its directory and make both writable");
  });

  it("brings two processes through the first opening of one file", async () => {
    const path = temporaryFile();
    const [left, right] = [openSqliteStore({ path }), openSqliteStore({ path })];
    await left.runs.append("R1", 0, [said("one")], summary());
    await right.runs.append("R1", 1, [said("two")], summary());
    expect(await left.runs.verify("R1")).toBeUndefined();
    left.close();
    right.close();
  });
});

describe("the append-only tables", () => {
  it.each([
    { name: "changing", statement: "UPDATE events SET text = '{}'" },
    { name: "deleting", statement: "DELETE FROM events" },
  ])("refuse $name an event to whoever opens the file", async ({ statement }) => {
    const path = temporaryFile();
    const store = openSqliteStore({ path });
    await store.runs.append("R1", 0, [said("one")], summary());
    expect(() => withSqlite(path, (sqlite) => sqlite.exec(statement))).toThrow("timelines are append-only");
    store.close();
  });
});

describe("a file that fails while open", () => {
  it("says that another process keeps it locked, and that trying again may help", async () => {
    const path = temporaryFile();
    const store = openSqliteStore({ path, busyTimeoutMs: 0 });
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    await expect(store.runs.append("R1", 0, [said("one")], summary())).rejects.toMatchObject({
      reason: "timeout",
      retryable: true,
      message: `cannot append to run R1 in ${path}: another process keeps it locked (SQLite code 5); end that process or wait for it`,
    });
    other.exec("ROLLBACK");
    await store.runs.append("R1", 0, [said("one")], summary());
    other.close();
    store.close();
  });

  it("keeps nothing of an append that fails in its middle, and goes on after it", async () => {
    const path = temporaryFile();
    const store = openSqliteStore({ path });
    await store.runs.append("R1", 0, [said("one")], summary());
    const before = await onlyDue(store.outbox);
    withSqlite(path, (sqlite) =>
      sqlite.exec(
        "CREATE TRIGGER fails BEFORE INSERT ON events WHEN new.text LIKE '%third%' BEGIN SELECT RAISE(ABORT, 'on purpose'); END",
      ),
    );
    await expect(store.runs.append("R1", 1, [said("second"), said("third")], summary())).rejects.toMatchObject({
      reason: "server-error",
      message: expect.stringContaining(`cannot append to run R1 in ${path}: on purpose`),
    });
    expect(await store.runs.read("R1")).toHaveLength(1);
    expect(await onlyDue(store.outbox)).toEqual(before);
    await store.runs.append("R1", 1, [said("fourth")], summary());
    expect(await store.runs.verify("R1")).toBeUndefined();
    store.close();
  });

  it("keeps neither an append nor an alert group that cannot be noted in the outbox", async () => {
    const path = temporaryFile();
    const store = openSqliteStore({ path });
    withSqlite(path, (sqlite) =>
      sqlite.exec("CREATE TRIGGER fails BEFORE INSERT ON outbox BEGIN SELECT RAISE(ABORT, 'on purpose'); END"),
    );
    await expect(store.runs.append("R1", 0, [said("one")], summary())).rejects.toThrow("on purpose");
    await expect(store.alerts.put(alertGroup())).rejects.toThrow("on purpose");
    expect(await store.runs.list({ limit: 1 })).toEqual([]);
    expect(await store.alerts.list()).toEqual([]);
    store.close();
  });

  it("names the run and the event whose text is no event", async () => {
    const path = temporaryFile();
    const store = openSqliteStore({ path });
    await store.runs.append("R1", 0, [said("one")], summary());
    withSqlite(path, (sqlite) =>
      sqlite.exec(`DROP TRIGGER events_are_never_changed; UPDATE events SET text = '{"type":"Said"}'`),
    );
    await expect(store.runs.read("R1")).rejects.toMatchObject({
      reason: "invalid-answer",
      message: expect.stringContaining(
        `cannot read event 1 of run R1 in ${path}: its "at" is not what sealwatch writes`,
      ),
    });
    store.close();
  });
});

function withSqlite<T>(path: string, work: (sqlite: DatabaseSync) => T): T {
  const sqlite = new DatabaseSync(path);
  try {
    return work(sqlite);
  } finally {
    sqlite.close();
  }
}

function makeDamaged(path: string): void {
  openSqliteStore({ path }).close();
  const bytes = readFileSync(path);
  bytes.fill(0xff, 4096, 4096 * 6);
  writeFileSync(path, bytes);
  chmodSync(path, 0o600);
}

function failureOf(work: () => unknown): FailureError {
  try {
    work();
  } catch (error) {
    if (error instanceof FailureError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}
