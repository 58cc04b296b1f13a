import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { formatFinding } from "../../src/lib/finding.ts";
import { lintRunbook } from "../../src/runbook/lint.ts";
import { parseRunbook } from "../../src/runbook/parse.ts";
import { rules } from "../../src/runbook/rules/index.ts";
import { declarations } from "./declarations.ts";
import { invalidRunbooks } from "./invalid-runbooks.ts";

const folder = new URL("../fixtures/runbooks/", import.meta.url);
const read = (name: string): string => readFileSync(new URL(`${name}.yaml`, folder), "utf8");

function findingsOf(name: string): readonly string[] {
  const parsing = parseRunbook(name, read(name));
  const findings = parsing.ok ? lintRunbook(parsing.parsed, declarations) : parsing.findings;
  return findings.map((finding) => formatFinding(finding).slice(name.length + 1));
}

describe("the linter", () => {
  it("finds nothing in a good runbook", () => {
    expect(findingsOf("valid-sealed-node")).toEqual([]);
  });

  it.each(invalidRunbooks)("says everything that is wrong with $name", ({ name, findings }) => {
    expect(findingsOf(name)).toEqual(findings);
  });

  it("has a file for every row and a row for every file", () => {
    const files = readdirSync(folder).filter((file) => file.startsWith("invalid-"));
    expect(files.sort()).toEqual(invalidRunbooks.map(({ name }) => `${name}.yaml`).sort());
  });

  it("has a broken runbook for every rule", () => {
    const told = invalidRunbooks.flatMap(({ findings }) => findings).join("\n");
    expect(rules.map(({ name }) => name).filter((name) => !told.includes(`(${name})`))).toEqual([]);
  });
});

describe("the list of rules", () => {
  it("names every file of the folder, by the rule's own name", () => {
    const files = readdirSync(new URL("../../src/runbook/rules/", import.meta.url));
    expect(files.filter((file) => file !== "index.ts").sort()).toEqual(rules.map(({ name }) => `${name}.ts`).sort());
  });

  it("explains each rule in a sentence", () => {
    expect(rules.filter(({ summary }) => !/^.{20,}\.$/u.test(summary))).toEqual([]);
  });
});
