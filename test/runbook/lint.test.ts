import { readdirSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { lintRunbook } from "../../src/runbook/lint.ts";
import { parseRunbook } from "../../src/runbook/parse.ts";
import { rules } from "../../src/runbook/rules/index.ts";
import { declarations } from "./declarations.ts";
import { findingsOf, fixtures, readFixture } from "./fixtures.ts";
import { invalidRunbooks } from "./invalid-runbooks.ts";

describe("the linter", () => {
  it.each(fixtures.filter((name) => name.startsWith("valid-")))("finds nothing in %s", (name) => {
    expect(findingsOf(name)).toEqual([]);
  });

  it.each(invalidRunbooks)("says everything that is wrong with $name", ({ name, findings }) => {
    expect(findingsOf(name)).toEqual(findings);
  });

  it("has a file for every row and a row for every file", () => {
    const files = fixtures.filter((name) => name.startsWith("invalid-"));
    expect(invalidRunbooks.map(({ name }) => name).sort()).toEqual(files);
  });

  it("has more than sixty runbooks with exactly one mistake", () => {
    expect(invalidRunbooks.filter(({ findings }) => findings.length === 1).length).toBeGreaterThan(60);
  });

  it("has a broken runbook for every rule", () => {
    const told = invalidRunbooks.flatMap(({ findings }) => findings).join("\n");
    expect(rules.map(({ name }) => name).filter((name) => !told.includes(`(${name})`))).toEqual([]);
  });

  it("says nothing about groups when no configuration is known", () => {
    const parsing = parseRunbook("f", readFixture("invalid-unknown-group"));
    expect(parsing.ok && lintRunbook(parsing.parsed, declarations)).toEqual([]);
  });

  it("knows no runbook beside one that stands alone", () => {
    const parsing = parseRunbook("f", readFixture("valid-deep-three"));
    expect(parsing.ok && lintRunbook(parsing.parsed, declarations).map(({ message }) => message)).toEqual([
      'there is no runbook "valid-deep-four" beside this one',
    ]);
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
