import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { sortFindings } from "../document/read-document.ts";
import { unreadableFile } from "../document/unreadable.ts";
import type { Finding } from "../lib/finding.ts";
import type { Declarations } from "../runbook/declarations.ts";
import type { CatalogEntry } from "./entry.ts";
import { createJudge, type Judge } from "./judge.ts";
import { fillShelf, type ShelfSource } from "./shelf.ts";

/** The good runbooks of a directory by id, and all that is wrong with the others. */
export type LoadedCatalog = {
  readonly runbooks: ReadonlyMap<string, CatalogEntry>;
  readonly findings: readonly Finding[];
};

/** Where runbooks are, and what they may name. The readers default to the disk. */
export type CatalogSource = ShelfSource & {
  readonly declarations: Declarations;
  /** The groups of the configuration, which gates may name; undefined: nothing is said about them. */
  readonly groups?: readonly string[];
  /** The files that are asked about; others are only read when these include them. */
  readonly only?: readonly string[];
  readonly listFiles?: (directory: string) => Promise<readonly string[]>;
};

/** Loads every `*.yaml` of a directory but the `*.test.yaml`. Never throws: what cannot be read is a finding too. */
export async function loadCatalog(source: CatalogSource): Promise<LoadedCatalog> {
  const { directory, listFiles = readdir, only } = source;
  const findings: Finding[] = [];
  const listed = await listFiles(directory).catch((error: unknown) => {
    if (only === undefined) findings.push(unreadableFile(directory, error));
    return [];
  });
  const names = [...(only ?? listed)].sort();
  for (const name of names)
    if (name.endsWith(".yml"))
      findings.push(
        atStart(join(directory, name), "file-name", `is not read; call it ${name.replace(/yml$/u, "yaml")}`),
      );
  const wanted = names.filter((name) => isRunbook(name) && !name.startsWith("."));
  const judge = createJudge(await fillShelf(source, wanted, new Set(listed)), source, listed.filter(isRunbook));
  const runbooks = new Map<string, CatalogEntry>();
  for (const name of wanted) findings.push(...place(name, judge, runbooks));
  return { runbooks, findings: sortFindings(findings) };
}

/** `lost-peer.test.yaml` holds the tests of `lost-peer.yaml`. */
function isRunbook(name: string): boolean {
  return name.endsWith(".yaml") && !name.endsWith(".test.yaml");
}

function place(name: string, judge: Judge, runbooks: Map<string, CatalogEntry>): readonly Finding[] {
  const judged = judge.judge(name);
  if (!judged.ok) return judged.findings;
  const { entry } = judged;
  const { id } = entry.runbook;
  const other = runbooks.get(id);
  if (other !== undefined)
    return [atStart(entry.file, "duplicate-runbook", `the id "${id}" is that of ${other.file} already`)];
  if (name !== `${id}.yaml`)
    return [atStart(entry.file, "file-name", `holds the runbook "${id}"; call the file ${id}.yaml`)];
  runbooks.set(id, entry);
  return [];
}

function atStart(file: string, rule: string, message: string): Finding {
  return { file, line: 1, column: 1, rule, message };
}
