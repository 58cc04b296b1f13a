import { z } from "zod";
import type { RunEvent } from "../engine/events.ts";
import type { FinishedRun, OpenRun } from "../engine/run.ts";
import { canonicalJson, type Json } from "../lib/json.ts";
import { findSecret, redact } from "../lib/redact.ts";
import { digest, reportRun, type Report } from "./report.ts";

/** Name and version of the form of an exported run. */
export const EXPORT_FORMAT = "sealwatch-run-export/1";

/** How the entries of an export are hashed, for whoever wants to verify one without sealwatch. */
export const HASH_RULE =
  "The hash of an entry is the SHA-256, in hex, of four lines joined by line feeds (and none at the end): the hash of the entry before it (64 zeros for the first), the entry's text exactly as it stands here (canonical JSON: keys sorted, no spaces), the id of the run, the entry's sequence. The last hash is the head.";

const Hash = z.string().regex(/^sha256:[0-9a-f]{64}$/u, "a hash like sha256:0123…");

/** One entry: its text as it was hashed. `redacted` says that something in it looked like a secret: its hash is kept and cannot be recomputed. */
const Entry = z.strictObject({
  sequence: z.int().min(1),
  at: z.string(),
  hash: Hash,
  text: z.string(),
  redacted: z.literal(true).optional(),
});

/** ExportFile is an exported run as JSON: every entry with its hash, and the report that follows from them. */
export const ExportFile = z.strictObject({
  format: z.literal(EXPORT_FORMAT),
  hashRule: z.string(),
  exportedAt: z.string(),
  runId: z.string().min(1),
  head: Hash,
  verification: z.strictObject({ whole: z.boolean(), entries: z.int(), firstBreak: z.int().optional() }),
  report: z.record(z.string(), z.unknown()),
  entries: z.array(Entry).min(1),
});
export type ExportFile = Omit<z.infer<typeof ExportFile>, "report"> & { readonly report: Report };
export type ExportEntry = z.infer<typeof Entry>;

/** What an export is made from. */
export type ExportSource = {
  readonly run: OpenRun | FinishedRun;
  readonly head: string;
  readonly stored: readonly { readonly sequence: number; readonly event: RunEvent; readonly hash: string }[];
  /** What verifying the chain in the store gave. */
  readonly firstBreak: number | undefined;
  readonly exportedAt: number;
};

/** Makes the export of a run. */
export function exportRun({ run, head, stored, firstBreak, exportedAt }: ExportSource): ExportFile {
  return {
    format: EXPORT_FORMAT,
    hashRule: HASH_RULE,
    exportedAt: new Date(exportedAt).toISOString(),
    runId: run.id,
    head: digest(head),
    verification: {
      whole: firstBreak === undefined,
      entries: stored.length,
      ...(firstBreak !== undefined && { firstBreak }),
    },
    report: reportRun(
      run,
      stored.map(({ event }) => event),
    ),
    entries: stored.map(entryOf),
  };
}

/** Writes an export as JSON, one entry a line, so that two exports can be compared line by line. */
export function exportText(file: ExportFile): string {
  const { entries, ...head } = file;
  const open = JSON.stringify(head, undefined, 2).replace(/\n\}$/u, "");
  const lines = entries.map((entry) => `    ${JSON.stringify(entry)}`);
  return `${open},\n  "entries": [\n${lines.join(",\n")}\n  ]\n}\n`;
}

function entryOf({ sequence, event, hash }: ExportSource["stored"][number]): ExportEntry {
  const text = canonicalJson(event as unknown as Json);
  const common = { sequence, at: new Date(event.at).toISOString(), hash: digest(hash) };
  const shown = redactEntry(text);
  return shown === text ? { ...common, text } : { ...common, text: shown, redacted: true };
}

/** Our own digests have the form of key shares. */
const DIGEST = /("(?:runbookDigest|planHash|sha256)":"[0-9a-f]{64}")/u;

function redactEntry(text: string): string {
  const pieces = text.split(DIGEST);
  if (pieces.every((piece, index) => index % 2 === 1 || findSecret(piece) === undefined)) return text;
  return pieces.map((piece, index) => (index % 2 === 1 ? piece : redact(piece))).join("");
}
