import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { stringify } from "yaml";
import { z } from "zod";
import { compileRunbook } from "../../src/runbook/compile.ts";
import { runbookJsonSchema } from "../../src/runbook/json-schema.ts";
import { includedIn } from "../../src/runbook/library.ts";
import { lintRunbook } from "../../src/runbook/lint.ts";
import { parseRunbook } from "../../src/runbook/parse.ts";
import { allSteps } from "../../src/runbook/step-path.ts";
import { declarations } from "./declarations.ts";
import { library as fixtures } from "./fixtures.ts";
import { randomRunbook } from "./random-runbook.ts";

const known = new Map(
  ["valid-inputs", "valid-loops", "valid-deep-three", "valid-deep-four"].map((id) => [id, fixtures.get(id)]),
);
const library = { ids: [...known.keys()], get: (id: string) => known.get(id), isBroken: () => false };
const schema = z.fromJSONSchema(runbookJsonSchema());

describe("a runbook, whatever is in it", () => {
  it("is parsed and linted without throwing; one without a finding compiles, and every step of it is in the program by its path", () => {
    let clean = 0;
    fc.assert(
      fc.property(randomRunbook, (random) => {
        const parsing = parseRunbook("random.yaml", stringify(random));
        if (!parsing.ok) return;
        expect(schema.safeParse(random).success).toBe(true);
        const { runbook } = parsing.parsed;
        const findings = lintRunbook(parsing.parsed, declarations, { library });
        const included = includedIn(runbook, library);
        const compilation = compileRunbook(runbook, declarations, included);
        if (findings.length > 0) return;
        clean++;
        if (!compilation.ok) throw new Error(compilation.problems.map(({ message }) => message).join("; "));
        expect([...compilation.compiled.steps.keys()]).toEqual(allSteps({ runbook, included }).map(({ path }) => path));
      }),
      { numRuns: 500 },
    );
    expect(clean).toBeGreaterThan(100);
  });
});
