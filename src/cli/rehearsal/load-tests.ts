import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { declarations } from "../../app/core.ts";
import { actions } from "../../actions/registry.ts";
import type { CatalogEntry } from "../../catalog/entry.ts";
import { loadCatalog } from "../../catalog/load.ts";
import { unreadableFile } from "../../document/unreadable.ts";
import type { Finding } from "../../lib/finding.ts";
import { compileProgram } from "../../runner/compile-program.ts";
import type { CompileRun } from "../../runner/timeline.ts";
import { settingOf } from "./cluster-setting.ts";
import { readTestFile } from "./read-test-file.ts";
import type { Rehearsed } from "./rehearsed.ts";
import { castOf } from "./script.ts";
import type { RunbookTestFile } from "./test-file.ts";

/** What a test file's name ends in; what is before is the runbook's id. */
const ENDING = ".test.yaml";

/** The tests of one runbook, ready to be played. */
export type TestSuite = {
  readonly file: string;
  readonly entry: CatalogEntry;
  readonly compile: CompileRun;
  readonly tests: readonly Rehearsed[];
};

/** The tests that were found, and all that is wrong with the others. */
export type LoadedTests = { readonly suites: readonly TestSuite[]; readonly findings: readonly Finding[] };

/** Loads test files, and those of directories, with the runbooks beside them. Never throws. */
export async function loadTests(paths: readonly string[]): Promise<LoadedTests> {
  const found = (await Promise.all(paths.map(filesAt))).flat();
  const files = found.flatMap((each) => (typeof each === "string" ? [each] : []));
  const loaded = await Promise.all(files.map(loadOne));
  return {
    suites: loaded.flatMap((each) => ("entry" in each ? [each] : [])),
    findings: [
      ...found.flatMap((each) => (typeof each === "string" ? [] : [each])),
      ...loaded.flatMap((each) => ("entry" in each ? [] : each)),
    ],
  };
}

async function filesAt(path: string): Promise<readonly (string | Finding)[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [testFileOf(path)];
    const names = (await readdir(path)).filter((name) => name.endsWith(ENDING)).sort();
    return names.map((name) => join(path, name));
  } catch (error) {
    return [unreadableFile(path, error)];
  }
}

/** Whoever names a runbook means its tests. */
function testFileOf(path: string): string {
  return path.endsWith(ENDING) || !path.endsWith(".yaml") ? path : path.replace(/[.]yaml$/u, ENDING);
}

async function loadOne(file: string): Promise<TestSuite | readonly Finding[]> {
  const text = await readFile(file, "utf8").catch((error: unknown) => unreadableFile(file, error));
  if (typeof text !== "string") return [text];
  const id = basename(file, ENDING);
  const { runbooks, findings } = await loadCatalog({ directory: dirname(file), declarations, only: [`${id}.yaml`] });
  const entry = runbooks.get(id);
  const reading = readTestFile({ file, text, id, entry });
  if (!reading.ok || entry === undefined) return [...findings, ...(reading.ok ? [] : reading.findings)];
  return suiteOf(file, entry, reading.file);
}

function suiteOf(file: string, entry: CatalogEntry, { cluster, inputs, people, tests }: RunbookTestFile): TestSuite {
  const program = compileProgram(entry.runbook, entry.included, declarations, actions);
  // Once for all plays: compiling takes longer than a play.
  const compile: CompileRun = () => program;
  const cast = castOf(people);
  return {
    file,
    entry,
    compile,
    tests: tests.map((test) => ({
      test,
      entry,
      compile,
      actions,
      cast,
      setting: settingOf(cluster, test.cluster),
      inputs: textsOf({ ...inputs, ...test.inputs }),
    })),
  };
}

function textsOf(values: Readonly<Record<string, string | number | boolean>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}
