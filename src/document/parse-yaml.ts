import { isAlias, LineCounter, parseDocument, visit, type YAMLError } from "yaml";
import type { Finding } from "../lib/finding.ts";
import { createPositions, placeOf, type LocatedDocument, type Positions } from "./positions.ts";

/** A YAML file as a JSON-like value with its positions, or all that is wrong with its syntax. */
export type YamlReading =
  | { readonly ok: true; readonly value: unknown; readonly positions: Positions }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/** Files that people write are small; a larger one is a mistake. */
const MAX_CHARACTERS = 256 * 1024;
const MAX_FINDINGS = 20;

/** Parses YAML text. Never throws: syntax errors, keys that are there twice, unknown tags and anchors become findings. */
export function parseYaml(file: string, text: string): YamlReading {
  const refuse = (message: string): YamlReading => ({
    ok: false,
    findings: [finding(file, { line: 1, column: 1 }, message)],
  });
  if (text.length > MAX_CHARACTERS) return refuse(`the file has more than ${MAX_CHARACTERS} characters`);
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: "error" });
    const located = { document, lines, text };
    const findings = [...syntaxFindings(file, located), ...aliasFindings(file, located)];
    if (findings.length > 0) return { ok: false, findings: findings.slice(0, MAX_FINDINGS) };
    return { ok: true, value: document.toJS() as unknown, positions: createPositions(located) };
  } catch (error) {
    return refuse(error instanceof RangeError ? "nested too deeply" : "anchors and aliases that multiply are refused");
  }
}

function syntaxFindings(file: string, { document, lines }: LocatedDocument): readonly Finding[] {
  const errors: readonly YAMLError[] = [...document.errors, ...document.warnings];
  const exhausted = errors.find(({ code }) => code === "RESOURCE_EXHAUSTION");
  if (exhausted !== undefined) return [finding(file, placeOf(lines, exhausted.pos[0]), "nested too deeply")];
  return errors.map((error) => ({
    ...finding(file, placeOf(lines, error.pos[0]), wordError(error)),
    rule: error.code === "DUPLICATE_KEY" ? "duplicate-key" : "yaml-syntax",
  }));
}

function wordError({ code, message }: YAMLError): string {
  if (code === "DUPLICATE_KEY") return "this key is there already; keep one of them";
  if (code === "MULTIPLE_DOCS") return "a second document begins here; one file holds one";
  return message.replace(/^[A-Z](?=[a-z])/u, (letter) => letter.toLowerCase());
}

function aliasFindings(file: string, { document, lines }: LocatedDocument): readonly Finding[] {
  const findings: Finding[] = [];
  visit(document, (_key, node) => {
    if (!isAlias(node) || node.resolve(document) !== undefined) return;
    findings.push(
      finding(file, placeOf(lines, node.range?.[0] ?? 0), `no anchor "&${node.source}" stands before this`),
    );
  });
  return findings;
}

function finding(file: string, place: { line: number; column: number }, message: string): Finding {
  return { file, ...place, rule: "yaml-syntax", message };
}
