import { stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { actions, checks } from "../../actions/registry.ts";
import { packageVersion } from "../../app/package-files.ts";
import { loadCatalog, type LoadedCatalog } from "../../catalog/load.ts";
import { rules } from "../../runbook/rules/index.ts";
import { EXIT, type Io } from "../io.ts";
import { reportFindings } from "../report.ts";
import { sarifLog } from "../sarif.ts";

/** How findings are printed: for people, as a JSON list, or as SARIF 2.1.0. */
export type LintFormat = "text" | "json" | "sarif";

/** Lints runbook files and directories of them, with the code that the server runs; exit code 2 when there is a finding. */
export async function runbookLint(io: Io, paths: readonly string[], format: LintFormat): Promise<number> {
  const loaded = await Promise.all((await placesOf(paths)).map(load));
  const findings = loaded.flatMap((catalog) => catalog.findings);
  const good = loaded.reduce((sum, catalog) => sum + catalog.runbooks.size, 0);
  if (format === "sarif") io.out(sarifLog(findings, { version: packageVersion(), rules }));
  else reportFindings(io, findings, format === "json");
  if (format === "text") io.out(`${good} runbook(s) good, ${findings.length} finding(s)`);
  return findings.length === 0 ? EXIT.fine : EXIT.badInput;
}

/** A directory as a whole, or some files of it. */
type Place = { readonly directory: string; readonly only: readonly string[] | undefined };

/** Files of one directory are judged together: what they include is read once. */
async function placesOf(paths: readonly string[]): Promise<readonly Place[]> {
  const places: Place[] = [];
  const files = new Map<string, string[]>();
  for (const path of paths) {
    const isDirectory = await stat(path).then(
      (stats) => stats.isDirectory(),
      () => false,
    );
    const directory = dirname(path);
    if (isDirectory) places.push({ directory: path, only: undefined });
    else files.set(directory, [...(files.get(directory) ?? []), basename(path)]);
  }
  return [...places, ...[...files].map(([directory, only]) => ({ directory, only }))];
}

async function load({ directory, only }: Place): Promise<LoadedCatalog> {
  return await loadCatalog({ directory, declarations: { checks, actions }, ...(only !== undefined && { only }) });
}
