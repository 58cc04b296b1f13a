import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import * as fc from "fast-check";
import { openSqliteStore } from "../../../src/store/sqlite/open.ts";
import type { Store } from "../../../src/store/store.ts";
import { finished, said } from "../../contracts/run-store.contract.ts";
import { temporaryFiles } from "./temporary-file.ts";

const EVENTS = 12;
const temporaryFile = temporaryFiles();

let path: string;
let store: Store;
beforeEach(async () => {
  path = temporaryFile();
  store = openSqliteStore({ path });
  const events = Array.from({ length: EVENTS - 1 }, (_, index) => said(`sentence ${index + 1}`, 1000 + index));
  await store.runs.append("R1", 0, [...events, finished()]);
  await store.runs.append("R2", 0, [said("another run")]);
});
afterEach(() => store.close());

/** Edits the file as someone with SQL would, looks what `verify` says, and undoes the edit. */
async function verifyAfter(tamper: (sqlite: DatabaseSync) => void): Promise<number | undefined> {
  const sqlite = new DatabaseSync(path, { enableForeignKeyConstraints: false });
  sqlite.exec("PRAGMA synchronous = OFF");
  const held = sqlite.prepare("SELECT sequence, text, hash FROM events WHERE run_id = 'R1'").all();
  sqlite.exec("DROP TRIGGER IF EXISTS events_are_never_changed; DROP TRIGGER IF EXISTS events_are_never_deleted");
  try {
    tamper(sqlite);
    return await store.runs.verify("R1");
  } finally {
    sqlite.exec("DELETE FROM events WHERE run_id = 'R1'");
    const insert = sqlite.prepare("INSERT INTO events VALUES ('R1', ?, ?, ?)");
    for (const row of held) insert.run(row["sequence"] ?? null, row["text"] ?? null, row["hash"] ?? null);
    sqlite.close();
  }
}

const anySequence = fc.integer({ min: 1, max: EVENTS });

describe("verify on a file that was edited by SQL", () => {
  it("finds any change of any character of any event, at that event", async () => {
    const edit = fc.record({
      sequence: anySequence,
      position: fc.nat(),
      character: fc.string({ minLength: 0, maxLength: 2 }),
    });
    await fc.assert(
      fc.asyncProperty(edit, async ({ sequence, position, character }) => {
        let changed = true;
        const found = await verifyAfter((sqlite) => {
          const { text } = sqlite
            .prepare("SELECT text FROM events WHERE run_id = 'R1' AND sequence = ?")
            .get(sequence) as { text: string };
          const at = position % text.length;
          const edited = text.slice(0, at) + character + text.slice(at + 1);
          changed = edited !== text;
          sqlite.prepare("UPDATE events SET text = ? WHERE run_id = 'R1' AND sequence = ?").run(edited, sequence);
        });
        expect(found).toBe(changed ? sequence : undefined);
      }),
      { numRuns: 200 },
    );
  });

  it("finds any changed hash, at that event", async () => {
    await fc.assert(
      fc.asyncProperty(anySequence, async (sequence) => {
        const found = await verifyAfter((sqlite) => {
          sqlite
            .prepare("UPDATE events SET hash = lower(hex(randomblob(32))) WHERE run_id = 'R1' AND sequence = ?")
            .run(sequence);
        });
        expect(found).toBe(sequence);
      }),
    );
  });

  it("finds any deletion, the last event's too, at the first event that is missing", async () => {
    const range = fc
      .tuple(anySequence, anySequence)
      .map(([left, right]) => [Math.min(left, right), Math.max(left, right)] as const);
    await fc.assert(
      fc.asyncProperty(range, async ([first, last]) => {
        const found = await verifyAfter((sqlite) => {
          sqlite.prepare("DELETE FROM events WHERE run_id = 'R1' AND sequence BETWEEN ? AND ?").run(first, last);
        });
        expect(found).toBe(first);
      }),
    );
  });

  it("finds a deletion that renumbers what is behind it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: EVENTS - 1 }), async (sequence) => {
        const found = await verifyAfter((sqlite) => {
          sqlite.prepare("DELETE FROM events WHERE run_id = 'R1' AND sequence = ?").run(sequence);
          for (let next = sequence + 1; next <= EVENTS; next++)
            sqlite.prepare("UPDATE events SET sequence = ? WHERE run_id = 'R1' AND sequence = ?").run(next - 1, next);
        });
        expect(found).toBe(sequence);
      }),
    );
  });

  it("finds any two events that changed places, at the first of them", async () => {
    await fc.assert(
      fc.asyncProperty(anySequence, anySequence, async (left, right) => {
        fc.pre(left !== right);
        const found = await verifyAfter((sqlite) => {
          const move = sqlite.prepare("UPDATE events SET sequence = ? WHERE run_id = 'R1' AND sequence = ?");
          move.run(999, left);
          move.run(left, right);
          move.run(right, 999);
        });
        expect(found).toBe(Math.min(left, right));
      }),
    );
  });

  it.each([
    {
      name: "an event put in behind the last",
      statement: "INSERT INTO events SELECT 'R1', 13, text, hash FROM events WHERE run_id = 'R2'",
      at: 13,
    },
    {
      name: "an event of another run in place of its own",
      statement:
        "UPDATE events SET (text, hash) = (SELECT text, hash FROM events WHERE run_id = 'R2') WHERE run_id = 'R1' AND sequence = 1",
      at: 1,
    },
    { name: "all events deleted", statement: "DELETE FROM events WHERE run_id = 'R1'", at: 1 },
  ])("finds $name", async ({ statement, at }) => {
    expect(await verifyAfter((sqlite) => sqlite.exec(statement))).toBe(at);
  });

  it.each([
    { name: "head", statement: `UPDATE runs SET head = '${"0".repeat(64)}' WHERE id = 'R1'`, at: EVENTS },
    { name: "count", statement: "UPDATE runs SET version = version - 1 WHERE id = 'R1'", at: EVENTS },
    { name: "row", statement: "DELETE FROM runs WHERE id = 'R1'", at: 1 },
  ])("finds a changed or deleted $name of the run", async ({ statement, at }) => {
    expect(await verifyAfter((sqlite) => sqlite.exec(statement))).toBe(at);
  });

  it("finds nothing in the other runs of the file", async () => {
    const sqlite = new DatabaseSync(path);
    sqlite.exec("DROP TRIGGER events_are_never_changed; UPDATE events SET text = '{}' WHERE run_id = 'R1'");
    sqlite.close();
    expect(await store.runs.verify("R2")).toBeUndefined();
  });
});
