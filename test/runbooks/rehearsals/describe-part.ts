import { fileURLToPath } from "node:url";
import { describe, expect, it } from "@jest/globals";
import { loadTests } from "../../../src/cli/rehearsal/load-tests.ts";
import { rehearse, type Flop } from "../../../src/cli/rehearsal/rehearse.ts";

/** The runbooks that are shipped, and those of the fixtures. */
export const folders = ["../../../runbooks/", "../../fixtures/rehearsal/"].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);
/** Their tests, or what is wrong with them. */
export const loaded = await loadTests(folders);

/** Some hundred plays; no test of ours waits by the clock, but a machine that does much else is slow. */
const PATIENCE_MS = 600_000;

/** Seals node by node: killed between two of them, the seal is half there, and only people can say what is to become of it. */
const HALF = "emergency-seal";

/** Has one test for all actions: what matters of it is that none is called twice, whenever the program dies. */
const SAMPLER = "every-action";

/** Rehearses every `of`-th runbook from the `part`-th on: each part is a file, so that they run beside each other. */
export function describePart(part: number, of: number): void {
  const mine = loaded.suites
    .map((suite) => ({ id: suite.entry.runbook.id, suite }))
    .filter((_, index) => index % of === part);
  describe.each(mine)("the runbook $id", ({ id, suite }) => {
    it(
      "comes out as its tests say, also when the program is killed at every boundary",
      async () => {
        const { tests, coverage } = await rehearse(suite, { crashEverywhere: true, wanted: () => true });

        expect(tests.flatMap(({ name, flops }) => flops.map((flop) => `${name}: ${inWords(flop)}`))).toEqual([]);
        expect(tests.filter(({ crashes }) => crashes === 0)).toEqual([]);
        if (id === SAMPLER) return;
        // Every other call has a probe that can tell, so nothing is left to people, and no branch is left to chance.
        if (id !== HALF) expect(tests.filter(({ leftToPeople }) => leftToPeople > 0)).toEqual([]);
        expect(coverage.missed).toEqual([]);
      },
      PATIENCE_MS,
    );
  });
}

function inWords({ crash = "", differences, timeline }: Flop): string {
  return [crash, ...differences.flatMap(({ what, lines }) => [what, ...lines]), ...timeline].join("\n");
}
