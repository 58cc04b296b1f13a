import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { packageRoot } from "../../app/package-files.ts";
import type { CatalogEntry } from "../../catalog/entry.ts";
import { DrillRecord } from "../../docgen/drill-record.ts";
import type { ShownRunbook } from "../../docgen/runbooks-page.ts";
import { allSteps } from "../../runbook/step-path.ts";

const FOLDER = join(packageRoot, "docs", "drills");

/** Reads the records of `docs/drills/`, in the order of their names. */
export async function readDrillRecords(): Promise<readonly DrillRecord[]> {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith(".json")).sort();
  return await Promise.all(
    names.map(async (name) => DrillRecord.parse(JSON.parse(await readFile(join(FOLDER, name), "utf8")))),
  );
}

/** What the page of runbooks says of one. */
export function shownRunbook({ runbook, included }: CatalogEntry): ShownRunbook {
  const { id, title, alerts, meaning, departs } = runbook;
  return { id, title, alerts, meaning, departs, steps: allSteps({ runbook, included }).map(({ path }) => path) };
}
