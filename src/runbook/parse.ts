import { readDocument } from "../document/read-document.ts";
import type { Positions } from "../document/positions.ts";
import type { Finding } from "../lib/finding.ts";
import { firstLook } from "./first-look.ts";
import { Runbook } from "./schema.ts";
import { chooseStepSchema } from "./step-schema.ts";

/** ParsedRunbook is a runbook with its file and the places of everything in it. */
export type ParsedRunbook = {
  readonly file: string;
  readonly text: string;
  readonly runbook: Runbook;
  readonly positions: Positions;
};

/** A runbook, or all that is wrong with its form. */
export type RunbookParsing =
  { readonly ok: true; readonly parsed: ParsedRunbook } | { readonly ok: false; readonly findings: readonly Finding[] };

/** A hundred steps with a long text each fit; the longest of ours has a fifth. */
const maxCharacters = 100_000;

/** Parses the text of a runbook. Never throws; finds everything that is wrong with the form at once. `file` is only for the findings. */
export function parseRunbook(file: string, text: string): RunbookParsing {
  const reading = readDocument({ file, text, schema: Runbook, choose: chooseStepSchema, maxCharacters, firstLook });
  if (!reading.ok) return reading;
  return { ok: true, parsed: { file, text, runbook: reading.value, positions: reading.positions } };
}
