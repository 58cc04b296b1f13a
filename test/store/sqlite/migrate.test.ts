import { readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "@jest/globals";
import { replay } from "../../../src/engine/evolve.ts";
import { summarize } from "../../../src/runner/summarize.ts";
import { openSqliteStore } from "../../../src/store/sqlite/open.ts";
import { ended, finished, said, summary } from "../run-fixtures.ts";
import { alertGroup } from "../side-stores.contract.ts";
import { temporaryFiles } from "./temporary-file.ts";

const T0 = 1_700_000_000_000;
const temporaryFile = temporaryFiles();

/** A file as an older version left it, with something done to it since. */
function fileOfSchema2(change: (sqlite: DatabaseSync) => void = () => {}): string {
  const path = temporaryFile();
  const sqlite = new DatabaseSync(path);
  sqlite.exec(readFileSync(new URL("schema-2.sql", import.meta.url), "utf8"));
  change(sqlite);
  sqlite.close();
  return path;
}

const common = { runbook: "lost-peer", startedAt: T0 };

describe("a file of a version that knew no summaries", () => {
  it("has them after it was opened, told from its events", async () => {
    const store = openSqliteStore({ path: fileOfSchema2() });
    expect(await store.runs.list({ limit: 10 })).toStrictEqual([
      { id: "run-4-1", version: 8, summary: summary({ ...common, phase: "attempted", driver: "host:4:x" }) },
      {
        id: "run-3-1",
        version: 7,
        summary: ended({ ...common, state: "aborted", finishedAt: T0, driver: "host:3:x" }),
      },
      {
        id: "run-2-1",
        version: 6,
        summary: summary({ ...common, state: "waiting", phase: "gate", driver: "host:4:x" }),
      },
      { id: "run-1-1", version: 14, summary: ended({ ...common, finishedAt: T0, driver: "host:1:x" }) },
    ]);
    store.close();
  });

  it("has the same as if its runs were summed up today", async () => {
    const store = openSqliteStore({ path: fileOfSchema2() });
    for (const { id, summary: told } of await store.runs.list({ limit: 10 })) {
      const run = replay((await store.runs.read(id)).map(({ event }) => event));
      if (run.status === "none") throw new Error(`the file has no run ${id}`);
      expect(told).toStrictEqual(summarize(run));
    }
    expect.assertions(4);
    store.close();
  });

  it("keeps its timelines as they are, and goes on", async () => {
    const store = openSqliteStore({ path: fileOfSchema2() });
    for (const { id } of await store.runs.list({ limit: 10 })) expect(await store.runs.verify(id)).toBeUndefined();
    expect((await store.locks.acquire("prod", "run-4-1", T0)).runId).toBe("run-4-1");
    await store.runs.append("run-4-1", 8, [said("taken over"), finished()], ended());
    expect(await store.runs.verify("run-4-1")).toBeUndefined();
    expect(await store.locks.list()).toEqual([]);
    expect((await store.runs.list({ open: true, limit: 10 })).map(({ id }) => id)).toEqual(["run-2-1"]);
    store.close();
  });

  it("has in the outbox what is still going on, once, and nothing that ended", async () => {
    const groups = [
      { key: "resolved", status: "resolved" as const, receivedAt: 1 },
      { key: "second", status: "firing" as const, receivedAt: 3 },
      { key: "first", status: "firing" as const, receivedAt: 2 },
    ].map(alertGroup);
    const path = fileOfSchema2((sqlite) => {
      const insert = sqlite.prepare("INSERT INTO alert_groups VALUES (?, ?, ?)");
      for (const group of groups) insert.run(group.key, group.receivedAt, JSON.stringify(group));
      insert.run("damaged", 4, "{");
    });
    const before = Date.now();
    const store = openSqliteStore({ path });
    const due = await store.outbox.due(0, 100);
    const subjects = due.map(({ subject }) => subject);
    expect(subjects).toEqual(["run:run-2-1", "run:run-4-1", "alert:first", "alert:second", "alert:damaged"]);
    for (const { changedAt } of due) {
      expect(changedAt).toBeGreaterThanOrEqual(before);
      expect(changedAt).toBeLessThanOrEqual(Date.now());
    }
    for (const item of due) await store.outbox.settle(item);
    store.close();

    const again = openSqliteStore({ path });
    expect(await again.outbox.due(0, 100)).toEqual([]);
    again.close();
  });

  it("is opened with a damaged event in it, which only its own run's reading tells of", async () => {
    const path = fileOfSchema2((sqlite) => {
      sqlite.exec("DROP TRIGGER events_are_never_changed");
      sqlite.exec("UPDATE events SET text = '{' WHERE run_id = 'run-3-1' AND sequence IN (1, 7)");
    });
    const store = openSqliteStore({ path });
    const [, damaged] = await store.runs.list({ limit: 10 });
    expect(damaged).toMatchObject({ id: "run-3-1", summary: { cluster: "", state: "waiting", finishedAt: undefined } });
    await expect(store.runs.read("run-3-1")).rejects.toThrow("cannot read event 1 of run run-3-1");
    expect(await store.runs.verify("run-3-1")).toBe(1);
    expect(await store.runs.read("run-1-1")).toHaveLength(14);
    store.close();
  });
});
