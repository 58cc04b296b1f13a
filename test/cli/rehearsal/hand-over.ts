import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { declarations } from "../../../src/app/core.ts";
import type { CatalogEntry } from "../../../src/catalog/entry.ts";
import { loadCatalog } from "../../../src/catalog/load.ts";
import { loadTests, type TestSuite } from "../../../src/cli/rehearsal/load-tests.ts";
import { readTestFile, type TestFileReading } from "../../../src/cli/rehearsal/read-test-file.ts";
import type { Rehearsed } from "../../../src/cli/rehearsal/rehearsed.ts";
import type { Rehearsal } from "../../../src/cli/rehearsal/test-file.ts";

const directory = fileURLToPath(new URL("../../fixtures/rehearsal/", import.meta.url));

/** Where the runbook of these tests and its test file are. */
export const handOverFile = `${directory}hand-over.test.yaml`;

/** Loads the tests of the runbook that is made up for these tests. */
export async function handOverTests(): Promise<TestSuite> {
  const { suites } = await loadTests([handOverFile]);
  const [suite] = suites;
  if (suite === undefined) throw new Error("the fixture is no good test file");
  return suite;
}

/** Gives its first test, in which all goes well, with changes. */
export async function handedOver(changes: Partial<Rehearsal> = {}): Promise<Rehearsed> {
  const [first] = (await handOverTests()).tests;
  if (first === undefined) throw new Error("the fixture has no test");
  return { ...first, test: { ...first.test, ...changes } };
}

/** Reads text as a test file of that runbook. */
export async function readAsTests(text: string, id = "hand-over"): Promise<TestFileReading> {
  return readTestFile({ file: `${id}.test.yaml`, text, id, entry: await handOverEntry() });
}

/** Gives the text of its test file. */
export async function handOverText(): Promise<string> {
  return await readFile(handOverFile, "utf8");
}

async function handOverEntry(): Promise<CatalogEntry> {
  const { runbooks } = await loadCatalog({ directory, declarations, only: ["hand-over.yaml"] });
  const entry = runbooks.get("hand-over");
  if (entry === undefined) throw new Error("the fixture is no good runbook");
  return entry;
}
