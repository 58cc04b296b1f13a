import { createReadStream } from "node:fs";
import { join } from "node:path";
import { MAX_CHARACTERS } from "../document/parse-yaml.ts";
import { unreadableFile } from "../document/unreadable.ts";
import type { Finding } from "../lib/finding.ts";
import { allIncludes } from "../runbook/own-steps.ts";
import { parseRunbook, type ParsedRunbook } from "../runbook/parse.ts";

/** A file of the directory: a runbook, or why it is none. */
export type ShelvedFile =
  { readonly ok: true; readonly parsed: ParsedRunbook } | { readonly ok: false; readonly findings: readonly Finding[] };

/** Shelf is the files that were read, by their names. */
export type Shelf = ReadonlyMap<string, ShelvedFile>;

/** Where files are. */
export type ShelfSource = { readonly directory: string; readonly readText?: (file: string) => Promise<string> };

/** Reads and parses files of a directory once each, and those that they include. Never throws. */
export async function fillShelf(
  { directory, readText = readBounded }: ShelfSource,
  wanted: readonly string[],
  known: ReadonlySet<string>,
): Promise<Shelf> {
  const shelf = new Map<string, ShelvedFile>();
  const queue = [...wanted];
  for (let at = 0; at < queue.length; at++) {
    const name = queue[at] ?? "";
    if (shelf.has(name)) continue;
    const shelved = await readOne(join(directory, name), readText);
    shelf.set(name, shelved);
    if (shelved.ok) queue.push(...allIncludes(shelved.parsed.runbook).flatMap(({ include }) => fileIn(known, include)));
  }
  return shelf;
}

function fileIn(known: ReadonlySet<string>, id: string): readonly string[] {
  return known.has(`${id}.yaml`) ? [`${id}.yaml`] : [];
}

async function readOne(file: string, readText: (file: string) => Promise<string>): Promise<ShelvedFile> {
  const text = await readText(file).catch((error: unknown) => unreadableFile(file, error));
  if (typeof text !== "string") return { ok: false, findings: [text] };
  const parsing = parseRunbook(file, text);
  return parsing.ok ? { ok: true, parsed: parsing.parsed } : parsing;
}

/** Reads no more than is needed to see that a file is too large. */
async function readBounded(file: string): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of createReadStream(file, { end: 4 * MAX_CHARACTERS })) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString("utf8");
}
