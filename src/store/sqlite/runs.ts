import { z } from "zod";
import type { RunStore } from "../../runner/ports.ts";
import { ConcurrencyError } from "../../lib/concurrency-error.ts";
import { CHAIN_START, extendChain, firstBreak, type ChainEntry, type ChainHead } from "../chain.ts";
import { readEvent, writeEvent } from "../stored-event.ts";
import { attempt, transact, type Database } from "./database.ts";

const Head = z.object({ version: z.number(), head: z.string() }).default({ version: 0, head: CHAIN_START });
const Entry = z.object({ sequence: z.number(), text: z.string(), hash: z.string() });
const Listed = z.object({ id: z.string() });

/** Keeps timelines in the tables `runs` and `events`; one transaction an append, on the disk when it resolves. */
export function createSqliteRuns(database: Database): RunStore {
  const { path, sqlite } = database;
  const sql = prepareStatements(database);
  const readHead = (runId: string): ChainHead => Head.parse(sql.head.get(runId));
  const readEntries = (runId: string): ChainEntry[] => sql.entries.all(runId).map((row) => Entry.parse(row));
  return {
    async append(runId, expected, events) {
      const texts = events.map(writeEvent);
      const closes = events.some((event) => event.type === "RunFinished");
      transact(database, `append to run ${runId}`, () => {
        const held = readHead(runId);
        if (held.version !== expected) throw new ConcurrencyError(runId, expected, held.version);
        const entries = extendChain(runId, held, texts);
        const last = entries.at(-1);
        if (last === undefined) return;
        sql.saveRun.run({ id: runId, open: closes ? 0 : 1, version: last.sequence, head: last.hash });
        for (const { sequence, text, hash } of entries) sql.insertEvent.run(runId, sequence, text, hash);
      });
    },
    async read(runId) {
      const entries = attempt(`read run ${runId}`, path, () => readEntries(runId));
      return entries.map((entry) => readEvent(runId, entry, path));
    },
    async list({ open, limit }) {
      const wanted = open === undefined ? [0, 1] : [open ? 1 : 0];
      const rows = attempt("list runs", path, () => sql.list.all(wanted[0] ?? 0, wanted.at(-1) ?? 1, limit));
      return rows.map((row) => Listed.parse(row).id);
    },
    async verify(runId) {
      return attempt(`verify run ${runId}`, path, () => {
        // One read transaction: an append between the two reads would look like a break.
        sqlite.exec("BEGIN");
        try {
          return firstBreak(runId, readEntries(runId), readHead(runId));
        } finally {
          sqlite.exec("COMMIT");
        }
      });
    },
  };
}

function prepareStatements({ sqlite }: Database) {
  return {
    head: sqlite.prepare("SELECT version, head FROM runs WHERE id = ?"),
    entries: sqlite.prepare("SELECT sequence, text, hash FROM events WHERE run_id = ? ORDER BY sequence"),
    // A run that is finished stays finished, whatever is appended to it.
    saveRun: sqlite.prepare(
      `INSERT INTO runs (id, open, version, head) VALUES (:id, :open, :version, :head)
       ON CONFLICT (id) DO UPDATE SET open = min(open, excluded.open), version = excluded.version, head = excluded.head`,
    ),
    insertEvent: sqlite.prepare("INSERT INTO events (run_id, sequence, text, hash) VALUES (?, ?, ?, ?)"),
    list: sqlite.prepare("SELECT id FROM runs WHERE open IN (?, ?) ORDER BY number DESC LIMIT ?"),
  };
}
