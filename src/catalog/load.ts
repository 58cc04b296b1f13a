import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { sortFindings } from "../document/read-document.ts";
import { unreadableFile } from "../document/unreadable.ts";
import type { Finding } from "../lib/finding.ts";
import { compileRunbook } from "../runbook/compile.ts";
import { compileSteps } from "../runbook/compile-step.ts";
import type { CompiledRunbook } from "../runbook/compiled.ts";
import type { Declarations } from "../runbook/declarations.ts";
import { lintRunbook } from "../runbook/lint.ts";
import { parseRunbook } from "../runbook/parse.ts";
import type { Runbook } from "../runbook/schema.ts";

/** A runbook as it lies on the disk, ready to be started. */
export type CatalogEntry = {
  readonly runbook: Runbook;
  readonly compiled: CompiledRunbook;
  readonly text: string;
  /** SHA-256 of the text, in hex. */
  readonly digest: string;
  readonly file: string;
};

/** The good runbooks of a directory by id, and all that is wrong with the others. */
export type LoadedCatalog = {
  readonly runbooks: ReadonlyMap<string, CatalogEntry>;
  readonly findings: readonly Finding[];
};

/** Where runbooks are, and what they may name. The readers default to the disk. */
export type CatalogSource = {
  readonly directory: string;
  readonly declarations: Declarations;
  readonly listFiles?: (directory: string) => Promise<readonly string[]>;
  readonly readText?: (file: string) => Promise<string>;
};

/** Loads every `*.yaml` of a directory. Never throws: what cannot be read is a finding too. */
export async function loadCatalog(source: CatalogSource): Promise<LoadedCatalog> {
  const { directory, listFiles = readdir } = source;
  const runbooks = new Map<string, CatalogEntry>();
  const findings: Finding[] = [];
  const names = await listFiles(directory).catch((error: unknown) => {
    findings.push(unreadableFile(directory, error));
    return [];
  });
  for (const name of [...names].sort()) {
    const file = join(directory, name);
    if (name.endsWith(".yml"))
      findings.push(atStart(file, "file-name", `is not read; call it ${name.replace(/yml$/u, "yaml")}`));
    if (!name.endsWith(".yaml") || name.startsWith(".")) continue;
    const loaded = await loadOne(file, source);
    if ("digest" in loaded) findings.push(...place(loaded, name, runbooks));
    else findings.push(...loaded);
  }
  return { runbooks, findings: sortFindings(findings) };
}

async function loadOne(file: string, source: CatalogSource): Promise<CatalogEntry | readonly Finding[]> {
  const { declarations, readText = readUtf8 } = source;
  const text = await readText(file).catch((error: unknown) => unreadableFile(file, error));
  if (typeof text !== "string") return [text];
  const parsing = parseRunbook(file, text);
  if (!parsing.ok) return parsing.findings;
  const { runbook } = parsing.parsed;
  // Once for both: compiling is most of what a start of the program takes.
  const steps = compileSteps(runbook, declarations);
  const findings = lintRunbook(parsing.parsed, declarations, steps);
  if (findings.length > 0) return findings;
  const compilation = compileRunbook(runbook, declarations, steps);
  if (!compilation.ok)
    return compilation.problems.map(({ path, message }) => ({
      file,
      ...parsing.parsed.positions.at(path),
      rule: "expression-type",
      message,
    }));
  return { runbook, compiled: compilation.compiled, text, digest: sha256(text), file };
}

function place(entry: CatalogEntry, name: string, runbooks: Map<string, CatalogEntry>): readonly Finding[] {
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

async function readUtf8(file: string): Promise<string> {
  return await readFile(file, "utf8");
}

function sha256(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}
