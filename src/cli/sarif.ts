import { isAbsolute, sep } from "node:path";
import { pathToFileURL } from "node:url";
import type { Finding } from "../lib/finding.ts";

/** What a SARIF log says of the program that looked. */
export type SarifTool = {
  readonly version: string;
  /** A sentence for each rule that has one. */
  readonly rules: readonly { readonly name: string; readonly summary: string }[];
};

/**
 * Writes findings as a SARIF 2.1.0 log, which GitHub, GitLab and editors read
 * (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html). Paths are relative to where the program was called, as they were given.
 */
export function sarifLog(findings: readonly Finding[], tool: SarifTool): string {
  const others = findings.map(({ rule }) => rule).filter((rule) => !tool.rules.some(({ name }) => name === rule));
  const ids = [...tool.rules.map(({ name }) => name), ...new Set(others)];
  const log = {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "sealwatch", version: tool.version, rules: ids.map((id) => descriptor(id, tool)) } },
        columnKind: "utf16CodeUnits",
        results: findings.map((finding) => resultOf(finding, ids)),
      },
    ],
  };
  return JSON.stringify(log, undefined, 2);
}

function descriptor(id: string, { rules }: SarifTool) {
  const summary = rules.find(({ name }) => name === id)?.summary;
  return summary === undefined ? { id } : { id, shortDescription: { text: summary } };
}

function resultOf({ file, line, column, rule, message }: Finding, ids: readonly string[]) {
  return {
    ruleId: rule,
    ruleIndex: ids.indexOf(rule),
    level: "error",
    message: { text: message },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(file) },
          region: { startLine: line, startColumn: column },
        },
      },
    ],
  };
}

/** A name may hold what means something in an address: a blank, `#`, `%`. */
function uriOf(file: string): string {
  if (isAbsolute(file)) return pathToFileURL(file).href;
  return file.split(sep).map(encodeURIComponent).join("/");
}
