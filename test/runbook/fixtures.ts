import { readdirSync, readFileSync } from "node:fs";
import { formatFinding } from "../../src/lib/finding.ts";
import type { Library } from "../../src/runbook/library.ts";
import { lintRunbook } from "../../src/runbook/lint.ts";
import { parseRunbook } from "../../src/runbook/parse.ts";
import { declarations } from "./declarations.ts";

const folder = new URL("../fixtures/runbooks/", import.meta.url);

/** Names of the runbooks of test/fixtures/runbooks. */
export const fixtures: readonly string[] = readdirSync(folder)
  .map((file) => file.replace(/[.]yaml$/u, ""))
  .sort();

/** Reads the text of a fixture. */
export function readFixture(name: string): string {
  return readFileSync(new URL(`${name}.yaml`, folder), "utf8");
}

/** The fixtures as a directory whose runbooks may include each other: those whose names say so are broken. */
export const library: Library = {
  ids: fixtures,
  get(id) {
    const parsing = fixtures.includes(id) ? parseRunbook(id, readFixture(id)) : undefined;
    return parsing?.ok === true ? parsing.parsed.runbook : undefined;
  },
  isBroken: (id) => id.startsWith("invalid-"),
};

/** Everything that is said about a fixture, without its name. */
export function findingsOf(name: string): readonly string[] {
  const parsing = parseRunbook(name, readFixture(name));
  const surroundings = { library, groups: ["platform", "owners"] };
  const findings = parsing.ok ? lintRunbook(parsing.parsed, declarations, surroundings) : parsing.findings;
  return findings.map((finding) => formatFinding(finding).slice(name.length + 1));
}
