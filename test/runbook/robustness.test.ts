import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { stringify } from "yaml";
import { actions, checks } from "../../src/actions/registry.ts";
import type { Finding } from "../../src/lib/finding.ts";
import { compileRunbook } from "../../src/runbook/compile.ts";
import { includedIn } from "../../src/runbook/library.ts";
import { lintRunbook } from "../../src/runbook/lint.ts";
import { parseRunbook } from "../../src/runbook/parse.ts";
import { countCalls } from "../support/count-calls.ts";
import { bombOf, bombs } from "./bombs.ts";
import { declarations } from "./declarations.ts";
import { fixtures, library, readFixture } from "./fixtures.ts";

const texts = fixtures.map(readFixture);

/** Judges a text as the catalog does, and says whether it was taken. */
function judge(text: string): "taken" | "refused" {
  const parsing = parseRunbook("fuzz.yaml", text);
  if (!parsing.ok) {
    expect(parsing.findings.length).toBeGreaterThan(0);
    return "refused";
  }
  const findings = lintRunbook(parsing.parsed, declarations, { library });
  for (const { line, column } of findings) {
    expect(line).toBeGreaterThan(0);
    expect(line).toBeLessThanOrEqual(text.split("\n").length);
    expect(column).toBeGreaterThan(0);
  }
  const { runbook } = parsing.parsed;
  const compilation = compileRunbook(runbook, declarations, includedIn(runbook, library));
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
});

describe("what is meant to cost more than it is worth", () => {
  const good = readFileSync(new URL("../../runbooks/sealed-node.yaml", import.meta.url), "utf8");
  const judgeAlone = (text: string): readonly Finding[] => {
    const parsing = parseRunbook("bomb.yaml", text);
    return parsing.ok ? lintRunbook(parsing.parsed, { checks, actions }) : parsing.findings;
  };

  let effort = 0;

  beforeAll(async () => {
    judgeAlone(good);
    effort = await countCalls(() => void judgeAlone(good));
    expect(effort).toBeGreaterThan(50_000);
  });

  it.each(bombs)("is refused with at most thirty times the effort of a good runbook: $name", async ({ text }) => {
    let findings: readonly Finding[] = [];
    expect(await countCalls(() => void (findings = judgeAlone(text)))).toBeLessThan(30 * effort);
    expect(findings.length).toBeGreaterThan(0);
    expect(findings.length).toBeLessThanOrEqual(101);
  });

  it("says how many are too many, and stops there", () => {
    const findings = judgeAlone(bombOf(Array.from({ length: 200 }, (_, at) => `key_${at}: 1`).join("\n")));
    expect(findings).toHaveLength(101);
    expect(findings.at(-1)).toMatchObject({ rule: "too-many-findings", message: "there are more findings than these" });
  });
});

describe("names that JavaScript objects have by themselves", () => {
  const head = "title: t\nmeaning: m\nimpact: i\nverify: v\nescalate: e\n";
  const messages = (text: string): readonly string[] => {
    const parsing = parseRunbook("f", text);
    const findings = parsing.ok ? lintRunbook(parsing.parsed, declarations, { library }) : parsing.findings;
    return findings.map(({ line, message }) => `${line}: ${message}`);
  };
  const book = (inputs: string, steps: string, more = ""): string =>
    `id: a\n${head}inputs:\n  cluster: { type: cluster }\n${inputs}steps:\n${steps}\n${more}`;
  const SAY = "  - { id: a, say: hello }";

  it.each(["__proto__", "constructor", "toString", "hasOwnProperty", "prototype", "valueOf"])(
    "are refused as keys, ids, inputs, loop items and given values: %s",
    (name) => {
      for (const text of [
        book("", SAY, `${name}: x`),
        book(`  ${name}: { type: string }\n`, SAY).replace("prototype", "proto-type"),
        book(`  x: { type: ${name} }\n`, SAY),
        book(`  x: { type: string, ${name}: x }\n`, SAY),
        book(`  x: { type: enum, options: [a], default: ${name} }\n`, SAY),
        book("", `  - { id: a, check: vault.raft-peers, with: { ${name}: x } }`),
        book("", `  - { id: a, include: valid-inputs, with: { node: a, ${name}: x } }`),
        book("", `  - { id: a, include: ${name} }`),
        book("", `  - { id: a, say: "\${inputs.${name}}" }`),
        book("", `  - { id: a, say: "\${steps.${name}.x}" }`),
        book("", `  - { id: a, say: "\${inputs['${name}']}" }`),
        book("", `  - { ${name}: a, say: hello }`),
      ])
        expect(messages(text)).not.toEqual([]);
    },
  );

  it.each(["__proto__", "constructor"])("are no names of steps, inputs or items: %s", (name) => {
    for (const text of [
      book("", `  - { id: ${name}, say: hello }`),
      book(`  ${name}: { type: string }\n`, SAY),
      book("", `  - { id: a, forEach: "[1]", as: ${name}, steps: [{ id: b, say: hello }] }`),
    ])
      expect(messages(text)).toHaveLength(1);
  });

  it("leave every object as it was", () => {
    const before = Object.getOwnPropertyNames(Object.prototype).sort();
    messages(book("  __proto__: { polluted: true }\n", "  - { id: a, say: hello, __proto__: { polluted: true } }"));
    expect(Object.getOwnPropertyNames(Object.prototype).sort()).toEqual(before);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});
