import { describe, expect, it } from "@jest/globals";
import { declarations } from "../../src/app/core.ts";
import { builtinRunbooks } from "../../src/app/package-files.ts";
import { loadCatalog } from "../../src/catalog/load.ts";
import { readDrillRecords } from "../../src/cli/subcommands/drill-records.ts";

/*
 * A runbook that is shipped was carried out on a real cluster, in the words in which it is shipped. After a change of a runbook:
 * `npm run drills -- test/runbooks/drills/<runbook>`, then `npm run generate`.
 */
const { runbooks } = await loadCatalog({ directory: builtinRunbooks, declarations });
const records = await readDrillRecords();
const shipped = [...runbooks.values()].map(({ runbook: { id }, digest }) => ({ id, digest }));

describe("the records of drills", () => {
  it.each(shipped)("have $id, and every record of it is of the text that is shipped", ({ id, digest }) => {
    const digests = records.filter(({ runbook }) => runbook === id).map((record) => record.digest);
    expect(digests.length).toBeGreaterThan(0);
    expect(digests.filter((drilled) => drilled !== digest)).toEqual([]);
  });

  it("are of no other runbook", () => {
    const ids = new Set(shipped.map(({ id }) => id));
    expect(records.filter(({ runbook }) => !ids.has(runbook))).toEqual([]);
  });
});
