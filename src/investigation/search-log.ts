import { FailureError } from "../lib/failure.ts";
import { parseAuditRecord, type AuditRecord } from "./audit-record.ts";
import type { OpenLog } from "./open-log.ts";
import { matchRecord, type RecordFilter } from "./record-filter.ts";
import { createLineSplitter } from "./split-lines.ts";
import { createTouchTally, TALLY_LIMITS, type TallyLimits, type Touched } from "./touch-tally.ts";

/** What is looked for in the logs of one audit device. */
export type SearchOptions = {
  readonly logs: readonly (() => Promise<OpenLog>)[];
  readonly filter: RecordFilter;
  /** Also counts by path. */
  readonly paths: boolean;
  /** Is told now and then how far it is. */
  readonly onProgress: (log: OpenLog, lines: number) => void;
  /** Is told of every record that fits; what it throws ends the search. */
  readonly onMatch?: (record: AuditRecord) => void;
  readonly limits?: TallyLimits;
  /** Longer lines are read as far as this. */
  readonly longestLine?: number;
};

/** What was found, and what it was found in. */
export type Found = Touched & {
  readonly sources: readonly ReturnType<OpenLog["source"]>[];
  readonly lines: number;
  /** Lines that are no records: broken off, damaged, of another program. */
  readonly unreadable: number;
  /** Lines that were longer than what is held: read up to their answer. */
  readonly long: number;
};

/** Answers that list a whole cluster are longer; what counts stands in front. */
const LONGEST_LINE = 1024 * 1024;

/** Reads logs one after the other, as a stream: what is held does not grow with them. */
export async function searchLogs(options: SearchOptions): Promise<Found> {
  const { logs, filter, paths, onProgress, onMatch, limits = TALLY_LIMITS } = options;
  const tally = createTouchTally({ paths, limits });
  const counts = { lines: 0, unreadable: 0, long: 0 };
  const sources: ReturnType<OpenLog["source"]>[] = [];
  const take = (bytes: Buffer, cut: boolean): void => {
    counts.lines++;
    if (cut) counts.long++;
    const text = bytes.toString("utf8");
    const record = parseAuditRecord(text);
    if (record === undefined) return void counts.unreadable++;
    const match = matchRecord(filter, record, text);
    if (match === undefined) return;
    onMatch?.(record);
    tally.add(record, match);
  };
  for (const open of logs) {
    const log = await open();
    const splitter = createLineSplitter({ maxBytes: options.longestLine ?? LONGEST_LINE, take });
    for await (const piece of log.content) {
      splitter.push(piece);
      onProgress(log, counts.lines);
    }
    splitter.end();
    sources.push(log.source());
  }
  if (counts.lines > 0 && counts.unreadable === counts.lines) throw noLog(sources);
  return { ...tally.result(), ...counts, sources };
}

function noLog(sources: readonly { readonly name: string }[]): FailureError {
  return new FailureError({
    reason: "invalid-answer",
    retryable: false,
    message: `cannot find anything in ${sources.map(({ name }) => name).join(", ")}: no line is a record of an audit device in JSON; give the file as Vault wrote it`,
  });
}
