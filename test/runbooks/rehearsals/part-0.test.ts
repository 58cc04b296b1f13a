import { describe, expect, it } from "@jest/globals";
import { readdir } from "node:fs/promises";
import { describePart, folders, loaded } from "./describe-part.ts";

describe("the tests of runbooks", () => {
  it("are good files, one for every runbook that is shipped", async () => {
    const shipped = (await readdir(folders[0] ?? "")).filter((name) => /^[^.]+[.]yaml$/u.test(name)).sort();
    expect(loaded.findings).toEqual([]);
    expect(loaded.suites.map(({ entry }) => `${entry.runbook.id}.yaml`)).toEqual([
      ...shipped,
      "every-action.yaml",
      "hand-over.yaml",
    ]);
  });
});

describePart(0, 3);
