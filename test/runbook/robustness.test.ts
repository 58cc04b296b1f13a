import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { stringify } from "yaml";
import { compileRunbook } from "../../src/runbook/compile.ts";
import { lintRunbook } from "../../src/runbook/lint.ts";
import { parseRunbook } from "../../src/runbook/parse.ts";
import { declarations } from "./declarations.ts";
import { invalidRunbooks } from "./invalid-runbooks.ts";

const folder = new URL("../fixtures/runbooks/", import.meta.url);
const texts = ["valid-sealed-node", ...invalidRunbooks.map(({ name }) => name)].map((name) =>
  readFileSync(new URL(`${name}.yaml`, folder), "utf8"),
);

/** Judges a text as the catalog does, and says whether it was taken. */
function judge(text: string): "taken" | "refused" {
  const parsing = parseRunbook("fuzz.yaml", text);
  if (!parsing.ok) {
    expect(parsing.findings.length).toBeGreaterThan(0);
    return "refused";
  }
  const findings = lintRunbook(parsing.parsed, declarations);
  for (const { line, column } of findings) {
    expect(line).toBeGreaterThan(0);
    expect(line).toBeLessThanOrEqual(text.split("\n").length);
    expect(column).toBeGreaterThan(0);
  }
  const compilation = compileRunbook(parsing.parsed.runbook, declarations);
  if (findings.length === 0) expect(compilation.ok).toBe(true);
  return findings.length === 0 ? "taken" : "refused";
}

const edit = fc.record({
  at: fc.nat(),
  remove: fc.nat({ max: 12 }),
  insert: fc.oneof(
    fc.string({ maxLength: 6 }),
    fc.constantFrom("\n", ": ", "- ", "${", "}", "'", '"', "|", "&a", "*a", "!!x ", "steps.", "[", "{", "\t", "#"),
  ),
});

describe("parsing and linting", () => {
  it("never throw for any text", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => judge(text) === "refused"));
  });

  it("never throw for runbooks that were edited blindly", () => {
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.array(edit, { minLength: 1, maxLength: 4 }), (text, edits) => {
        const edited = edits.reduce((held, { at, remove, insert }) => {
          const from = at % (held.length + 1);
          return held.slice(0, from) + insert + held.slice(from + remove);
        }, text);
        judge(edited);
      }),
      { numRuns: 500 },
    );
  });

  it("never throw for any YAML value where a runbook, its inputs or its steps should be", () => {
    const head = { id: "a", title: "a", meaning: "a", impact: "a", verify: "a", escalate: "a", inputs: {}, steps: [] };
    fc.assert(
      fc.property(fc.constantFrom("id", "inputs", "steps", "extra"), fc.jsonValue(), (key, value) => {
        expect(judge(stringify({ ...head, [key]: value }))).toBe("refused");
        expect(judge(stringify(value))).toBe("refused");
      }),
    );
  });

  it.each([
    { name: "deep lists", text: "[".repeat(50_000) },
    { name: "deep maps", text: "a: {".repeat(20_000) },
    { name: "aliases that multiply", text: multiplied() },
    { name: "a large file", text: `# ${"x".repeat(300_000)}` },
  ])("refuse $name", ({ text }) => {
    const parsing = parseRunbook("fuzz.yaml", text);
    expect(parsing).toMatchObject({ ok: false, findings: [{ rule: "yaml-syntax" }] });
  });
});

function multiplied(): string {
  const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"];
  for (let level = 1; level < 9; level++)
    lines.push(`a${level}: &a${level} [${Array.from({ length: 9 }, () => `*a${level - 1}`).join(", ")}]`);
  return lines.join("\n");
}
