import type { RunEvent } from "../engine/events.ts";
import { replay } from "../engine/evolve.ts";
import { toFailure } from "../lib/failure.ts";
import { canonicalJson, type Json } from "../lib/json.ts";
import { ExportFile, type ExportEntry } from "./export-file.ts";
import { digest, reportRun } from "./report.ts";

/** Hashes one entry onto the hash before it, as the store does. */
export type HashEntry = (
  previous: string,
  runId: string,
  entry: { readonly sequence: number; readonly text: string },
) => string;

/** What was found out about an exported file. */
export type ExportVerdict =
  | {
      readonly ok: true;
      readonly runId: string;
      readonly head: string;
      readonly entries: number;
      /** Entries whose hash could not be recomputed, because what looked like a secret was taken out of them. */
      readonly redacted: readonly number[];
    }
  | { readonly ok: false; readonly why: string };

/** What stands in place of a hash before a run's first entry. */
const CHAIN_START = "0".repeat(64);

/** Verifies an exported run without any store: the chain from the first entry to the head, and that the report follows from the entries. */
export function verifyExport(text: string, hash: HashEntry): ExportVerdict {
  const file = parse(text);
  if (typeof file === "string") return no(file);
  const broken = brokenEntry(file, hash);
  if (broken !== undefined) return no(broken);
  const redacted = file.entries.filter((entry) => entry.redacted === true).map(({ sequence }) => sequence);
  const report = redacted.length === 0 ? strayReport(file) : undefined;
  if (report !== undefined) return no(report);
  return { ok: true, runId: file.runId, head: file.head, entries: file.entries.length, redacted };
}

type Parsed = ReturnType<typeof ExportFile.parse>;

function parse(text: string): Parsed | string {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return "it is no JSON";
  }
  const parsed = ExportFile.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return `it is no exported run: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "unreadable"}`;
}

function brokenEntry({ entries, runId, head, verification }: Parsed, hash: HashEntry): string | undefined {
  let previous = CHAIN_START;
  for (const [index, entry] of entries.entries()) {
    if (entry.sequence !== index + 1)
      return `entry ${index + 1} is missing: the one in its place calls itself ${entry.sequence}`;
    if (!fits(entry, hash(previous, runId, entry)))
      return `entry ${entry.sequence} does not fit the chain: it was changed after it was written`;
    previous = entry.hash.slice(digest("").length);
  }
  if (digest(previous) !== head) return "the last entry is not the head: entries are missing at the end";
  if (verification.whole) return undefined;
  return `the chain was broken at entry ${verification.firstBreak ?? "?"} already when it was exported`;
}

function fits(entry: ExportEntry, expected: string): boolean {
  return entry.redacted === true || entry.hash === digest(expected);
}

/** The report is for people and is not hashed: it must say what the entries say. */
function strayReport({ entries, report }: Parsed): string | undefined {
  try {
    const events = entries.map(({ text }) => JSON.parse(text) as RunEvent);
    const run = replay(events);
    if (run.status === "none") return "its entries begin no run";
    const same = canonicalJson(reportRun(run, events) as unknown as Json) === canonicalJson(report as Json);
    return same
      ? undefined
      : "its report does not follow from its entries: it was changed, or another version wrote it";
  } catch (error) {
    return `its entries cannot be read: ${toFailure(error).message}`;
  }
}

function no(why: string): ExportVerdict {
  return { ok: false, why };
}
