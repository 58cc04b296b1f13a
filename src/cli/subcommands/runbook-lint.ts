import { stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { declarations } from "../../app/core.ts";
import { loadCatalog, type LoadedCatalog } from "../../catalog/load.ts";
import { EXIT, type Io } from "../io.ts";
import { reportFindings } from "../report.ts";

/** Lints runbook files and directories of them, with the code that the server runs; exit code 2 when there is a finding. */
export async function runbookLint(io: Io, paths: readonly string[], json: boolean): Promise<number> {
  const loaded = await Promise.all(paths.map(async (path) => await load(path)));
  const findings = loaded.flatMap((catalog) => catalog.findings);
  const good = loaded.reduce((sum, catalog) => sum + catalog.runbooks.size, 0);
  reportFindings(io, findings, json);
  if (!json) io.out(`${good} runbook(s) good, ${findings.length} finding(s)`);
  return findings.length === 0 ? EXIT.fine : EXIT.badInput;
}

async function load(path: string): Promise<LoadedCatalog> {
  const isDirectory = await stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  if (isDirectory) return await loadCatalog({ directory: path, declarations });
  return await loadCatalog({ directory: dirname(join(path)), declarations, listFiles: async () => [basename(path)] });
}
