import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { RunEvent } from "../../engine/events.ts";
import type { RunFilter, RunStore, RunSummary } from "../../runner/ports.ts";
import { ConcurrencyError } from "../../lib/concurrency-error.ts";
import { CHAIN_START, firstBreak } from "../chain.ts";
import { readEvent, writeEvent } from "../stored-event.ts";
import { COLUMNS, columnsOf, Listed } from "../summary-columns.ts";
import type { Statement } from "./database.ts";
import type { PostgresOutboxDeps } from "./outbox.ts";

const Appended = z.object({ appended: z.boolean(), version: z.number() });
const Entry = z.object({ sequence: z.number(), text: z.string(), hash: z.string() });
const Head = z.object({ version: z.number().nullable(), head: z.string().nullable() });
const LISTED = ["id", "version", ...COLUMNS].join(", ");

/** Keeps timelines in the tables `runs` and `events`; each append is noted in the outbox, in the same transaction. */
export function createPostgresRuns({ database, instance, bell }: PostgresOutboxDeps): Omit<RunStore, "watch"> {
  const { where } = database;
  return {
    async append(runId, expected, events, summary) {
      const statement = appendStatement({ runId, expected, events, summary, instance });
      const [row] = await database.ask({ what: `append to run ${runId}`, again: "settle" }, statement);
      const { appended, version } = Appended.parse(row);
      if (!appended) throw new ConcurrencyError(runId, expected, version);
      if (events.length > 0) bell.ring();
    },
    async read(runId) {
      const text = "SELECT sequence, text, hash FROM sealwatch.events WHERE run_id = $1 ORDER BY sequence";
      const rows = await database.ask({ what: `read run ${runId}`, again: "once" }, { text, values: [runId] });
      return rows.map((row) => readEvent(runId, Entry.parse(row), where));
    },
    async list(filter) {
      const rows = await database.ask({ what: "list runs", again: "once" }, listStatement(filter));
      return rows.map((row) => Listed.parse(row));
    },
    async verify(runId) {
      const rows = await database.ask(
        { what: `verify run ${runId}`, again: "once" },
        { text: VERIFY, values: [runId] },
      );
      const { version, head } = Head.parse(rows[0]);
      // A run without events is one row whose event is empty.
      const entries = rows.flatMap((row) => Entry.safeParse(row).data ?? []);
      return firstBreak(runId, entries, { version: version ?? 0, head: head ?? CHAIN_START });
    },
  };
}

/** The run's row and its events as they were at one moment: an append between two reads would look like a break. */
const VERIFY = `
  SELECT r.version, r.head, e.sequence, e.text, e.hash
  FROM (SELECT $1::text AS id) AS asked
  LEFT JOIN sealwatch.runs AS r ON r.id = asked.id
  LEFT JOIN sealwatch.events AS e ON e.run_id = asked.id
  ORDER BY e.sequence`;

type Append = {
  readonly runId: string;
  readonly expected: number;
  readonly events: readonly RunEvent[];
  readonly summary: RunSummary;
  readonly instance: string;
};

/** May be run again as often as one likes: the id that it carries tells this append from everybody else's. */
function appendStatement({ runId, expected, events, summary, instance }: Append): Statement {
  const closes = events.some((event) => event.type === "RunFinished");
  const columns = columnsOf(summary);
  const summed = COLUMNS.map((column) => columns[column]);
  return {
    text: `SELECT appended, version FROM sealwatch.append(${PLACES})`,
    values: [runId, expected, randomUUID(), instance, events.map(writeEvent), closes, ...summed, events.at(-1)?.at],
  };
}

const PLACES = Array.from({ length: 7 + COLUMNS.length }, (_, index) => `$${index + 1}`).join(", ");

function listStatement({ limit, open, cluster, runbook }: RunFilter): Statement {
  const given = Object.entries({ open, cluster, runbook }).filter(([, value]) => value !== undefined);
  const conditions = given.map(([name], index) => `${name} = $${index + 2}`).join(" AND ");
  return {
    text: `SELECT ${LISTED} FROM sealwatch.runs ${conditions === "" ? "" : `WHERE ${conditions}`} ORDER BY number DESC LIMIT $1`,
    values: [limit, ...given.map(([, value]) => value)],
  };
}
