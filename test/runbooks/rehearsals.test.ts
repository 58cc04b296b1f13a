import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "@jest/globals";
import { loadTests } from "../../src/cli/rehearsal/load-tests.ts";
import { rehearse, type Flop } from "../../src/cli/rehearsal/rehearse.ts";

const folders = ["../../runbooks/", "../fixtures/rehearsal/"].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);
const { suites, findings } = await loadTests(folders);

/** Some hundred plays; no test of ours waits by the clock, but a machine that does much else is slow. */
const PATIENCE_MS = 300_000;

/** Has one test for all actions: what matters of it is that none is called twice, whenever the program dies. */
const SAMPLER = "every-action";

describe("the tests of runbooks", () => {
  it("are good files, one for every runbook that is shipped", async () => {
    const shipped = (await readdir(folders[0] ?? "")).filter((name) => /^[^.]+[.]yaml$/u.test(name)).sort();
    expect(findings).toEqual([]);
    expect(suites.map(({ entry }) => `${entry.runbook.id}.yaml`)).toEqual([
      ...shipped,
      "every-action.yaml",
      "hand-over.yaml",
    ]);
  });
});

describe.each(suites.map((suite) => ({ id: suite.entry.runbook.id, suite })))("the runbook $id", ({ id, suite }) => {
  it(
    "comes out as its tests say, also when the program is killed at every boundary",
    async () => {
      const { tests, coverage } = await rehearse(suite, { crashEverywhere: true, wanted: () => true });

      expect(tests.flatMap(({ name, flops }) => flops.map((flop) => `${name}: ${inWords(flop)}`))).toEqual([]);
      expect(tests.filter(({ crashes }) => crashes === 0)).toEqual([]);
      if (id === SAMPLER) return;
      // Every call of these has a probe that can tell, so nothing is left to people, and no branch is left to chance.
      expect(tests.filter(({ leftToPeople }) => leftToPeople > 0)).toEqual([]);
      expect(coverage.missed).toEqual([]);
    },
    PATIENCE_MS,
  );
});

function inWords({ crash = "", differences, timeline }: Flop): string {
  return [crash, ...differences.flatMap(({ what, lines }) => [what, ...lines]), ...timeline].join("\n");
}
