import { z } from "zod";
import type { RunFilter, RunStore } from "../../runner/ports.ts";
import { ConcurrencyError } from "../../lib/concurrency-error.ts";
import { CHAIN_START, extendChain, firstBreak, type ChainEntry, type ChainHead } from "../chain.ts";
import type { Bell } from "../bell.ts";
import { readEvent, writeEvent } from "../stored-event.ts";
import { runSubject } from "../subject.ts";
import { columnsOf, COLUMNS, Listed } from "../summary-columns.ts";
import { attempt, transact, type Database } from "./database.ts";
import { prepareNote } from "./outbox.ts";

const Head = z.object({ version: z.number(), head: z.string() }).default({ version: 0, head: CHAIN_START });
const LISTED = ["id", "version", ...COLUMNS].join(", ");
const Entry = z.object({ sequence: z.number(), text: z.string(), hash: z.string() });

/**
 * Keeps timelines in the tables `runs` and `events`; one transaction an append with its note in the outbox, on the disk when it resolves. SQLite
 * tells nobody what another process wrote, so `watch` never calls.
 */
export function createSqliteRuns(database: Database, bell: Bell): RunStore {
  const { path, sqlite } = database;
  const sql = prepareStatements(database);
  const note = prepareNote(database);
  const readHead = (runId: string): ChainHead => Head.parse(sql.head.get(runId));
  const readEntries = (runId: string): ChainEntry[] => sql.entries.all(runId).map((row) => Entry.parse(row));
  return {
    async append(runId, expected, events, summary) {
      const texts = events.map(writeEvent);
      const lastEvent = events.at(-1);
      const closes = events.some((event) => event.type === "RunFinished");
      transact(database, `append to run ${runId}`, () => {
        const held = readHead(runId);
        if (held.version !== expected) throw new ConcurrencyError(runId, expected, held.version);
        const entries = extendChain(runId, held, texts);
        const last = entries.at(-1);
        if (last === undefined || lastEvent === undefined) return;
        const open = closes ? 0 : 1;
        sql.saveRun.run({ id: runId, open, version: last.sequence, head: last.hash, ...columnsOf(summary) });
        for (const { sequence, text, hash } of entries) sql.insertEvent.run(runId, sequence, text, hash);
        if (closes) sql.giveBackLocks.run(runId);
        note(runSubject(runId), lastEvent.at);
      });
      if (lastEvent !== undefined) bell.ring();
    },
    async read(runId) {
      const entries = attempt(`read run ${runId}`, path, () => readEntries(runId));
      return entries.map((entry) => readEvent(runId, entry, path));
    },
    async list({ limit, ...filter }) {
      const { where, values } = whereOf(filter);
      const rows = attempt("list runs", path, () =>
        sqlite
          .prepare(`SELECT ${LISTED} FROM runs ${where} ORDER BY number DESC LIMIT :limit`)
          .all({ ...values, limit }),
      );
      return rows.map((row) => Listed.parse(row));
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
    watch: () => () => {},
  };
}

function prepareStatements({ sqlite }: Database) {
  return {
    head: sqlite.prepare("SELECT version, head FROM runs WHERE id = ?"),
    entries: sqlite.prepare("SELECT sequence, text, hash FROM events WHERE run_id = ? ORDER BY sequence"),
    // A run that is finished stays finished, whatever is appended to it.
    saveRun: sqlite.prepare(
      `INSERT INTO runs (id, open, version, head, ${COLUMNS.join(", ")})
       VALUES (:id, :open, :version, :head, ${COLUMNS.map((column) => `:${column}`).join(", ")})
       ON CONFLICT (id) DO UPDATE SET open = min(open, excluded.open), version = excluded.version, head = excluded.head,
       ${COLUMNS.map((column) => `${column} = excluded.${column}`).join(", ")}`,
    ),
    insertEvent: sqlite.prepare("INSERT INTO events (run_id, sequence, text, hash) VALUES (?, ?, ?, ?)"),
    giveBackLocks: sqlite.prepare("DELETE FROM cluster_locks WHERE run_id = ?"),
  };
}

/** Says only what is asked for: of many runs the few that are open are found by their index. */
function whereOf({ open, cluster, runbook }: Omit<RunFilter, "limit">) {
  const asked = { open: open === undefined ? undefined : Number(open), cluster, runbook };
  const given = Object.entries(asked).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  const conditions = given.map(([name]) => `${name} = :${name}`).join(" AND ");
  return { where: conditions === "" ? "" : `WHERE ${conditions}`, values: Object.fromEntries(given) };
}
