import { exportRun, exportText } from "../run-export/export-file.ts";
import { exportMarkdown } from "../run-export/markdown.ts";
import type { Core } from "./core.ts";
import { systemClock } from "./system.ts";

/** Reads a run with every entry of its timeline, verifies the chain, and writes both as Markdown or JSON; undefined when there is no such run. */
export async function readExport(
  { store, runs }: Pick<Core, "store" | "runs">,
  runId: string,
  format: "markdown" | "json",
): Promise<string | undefined> {
  const [loaded, firstBreak] = await Promise.all([runs.get(runId), store.runs.verify(runId)]);
  if (loaded === undefined) return undefined;
  // What is appended meanwhile belongs to the next export: the state, the head and the entries must fit.
  const stored = (await store.runs.read(runId)).slice(0, loaded.version);
  const file = exportRun({ ...loaded, stored, firstBreak, exportedAt: systemClock.now() });
  return format === "json" ? exportText(file) : exportMarkdown(file);
}
