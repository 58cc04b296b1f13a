import { isScalar, LineCounter, parseDocument, visit, type Node, type YAMLError } from "yaml";
import type { Finding } from "../lib/finding.ts";
import { createPositions, placeOf, type LocatedDocument, type Positions } from "./positions.ts";

/** A YAML file as a JSON-like value with its positions, or all that is wrong with its syntax. */
export type YamlReading =
  | { readonly ok: true; readonly value: unknown; readonly positions: Positions }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/** The most characters of a file: those that people write are small, and a larger one is a mistake. */
export const MAX_CHARACTERS = 256 * 1024;
/** No map in a map in a map is deeper; the parser would need seconds to say so itself. */
const MAX_DEPTH = 200;
/** A line, an item, a bracket: of what people write, twice as much; the parser takes milliseconds for a hundred. */
const CHARACTERS_A_PIECE = 10;
/** The parser looks through the whole file for each. */
const MAX_ALIASES = 100;
/** Emphasis in texts has a few hundred; each could be an alias, for which the parser looks a second time through the file. */
const MAX_STARS = 2000;
/** What aliases may multiply a file to, in values. */
const MAX_VALUES = 50_000;
const MAX_FINDINGS = 20;

/** Parses YAML text. Never throws: syntax errors, keys that are there twice, unknown tags and anchors become findings. */
export function parseYaml(file: string, text: string, maxCharacters = MAX_CHARACTERS): YamlReading {
  const refuse = (message: string): YamlReading => ({
    ok: false,
    findings: [finding(file, { line: 1, column: 1 }, message)],
  });
  if (text.length > maxCharacters) return refuse(`the file has more than ${maxCharacters} characters`);
  if (isNestedTooDeeply(text)) return refuse("nested too deeply");
  if (countPieces(text) > maxCharacters / CHARACTERS_A_PIECE) return refuse("too many small values for one file");
  if (text.split("*").length > MAX_STARS) return refuse(`there are more than ${MAX_ALIASES} aliases`);
  try {
    const located = locate(text);
    const findings = [...syntaxFindings(file, located), ...nodeFindings(file, located)];
    if (findings.length > 0) return { ok: false, findings: findings.slice(0, MAX_FINDINGS) };
    const value: unknown = located.document.toJS();
    if (countValues(value, MAX_VALUES) > MAX_VALUES) return refuse(MULTIPLY);
    return { ok: true, value, positions: positionsOf(text) };
  } catch (error) {
    return refuse(error instanceof RangeError ? "nested too deeply" : MULTIPLY);
  }
}

function locate(text: string): LocatedDocument {
  const lines = new LineCounter();
  const options = { lineCounter: lines, prettyErrors: false, logLevel: "error", uniqueKeys: false } as const;
  return { document: parseDocument(text, options), lines, text };
}

/** The document is many times as large as its text, and a good file never needs it again: who asks for a place has it made anew. */
function positionsOf(text: string): Positions {
  let positions: Positions | undefined;
  return { at: (path, aim) => (positions ??= createPositions(locate(text))).at(path, aim) };
}

const MULTIPLY = "anchors and aliases that multiply are refused";

/** Looks at brackets alone, wherever they stand: text has a few that nobody closes, a file that is meant to hurt has thousands. */
function isNestedTooDeeply(text: string): boolean {
  let depth = 0;
  for (const { 0: bracket } of text.matchAll(/[[\]{}]/gu)) {
    depth = bracket === "[" || bracket === "{" ? depth + 1 : Math.max(0, depth - 1);
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}

function countPieces(text: string): number {
  return text.split(/[\n,[\]{}]/u).length - 1;
}

/** Counts the values in a value, one behind two aliases twice; stops when there are more than the limit. */
function countValues(value: unknown, limit: number): number {
  if (typeof value !== "object" || value === null) return 1;
  let count = 1;
  for (const inner of Object.values(value)) {
    count += countValues(inner, limit - count);
    if (count > limit) return count;
  }
  return count;
}

function syntaxFindings(file: string, { document, lines }: LocatedDocument): readonly Finding[] {
  const errors: readonly YAMLError[] = [...document.errors, ...document.warnings];
  const exhausted = errors.find(({ code }) => code === "RESOURCE_EXHAUSTION");
  if (exhausted !== undefined) return [finding(file, placeOf(lines, exhausted.pos[0]), "nested too deeply")];
  return errors.map((error) => finding(file, placeOf(lines, error.pos[0]), wordError(error)));
}

/** What the parser itself lets pass, or would need seconds for: it compares every key of a map with every other. */
function nodeFindings(file: string, { document, lines }: LocatedDocument): readonly Finding[] {
  const findings: Finding[] = [];
  let aliases = 0;
  const add = (node: Node, rule: string, message: string): void =>
    void findings.push({ ...finding(file, placeOf(lines, node.range?.[0] ?? 0), message), rule });
  visit(document, {
    Map(_key, { items }) {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value)) add(key, "duplicate-key", "this key is there already; keep one of them");
        seen.add(key.value);
      }
    },
    Alias(_key, alias) {
      aliases += 1;
      if (aliases > MAX_ALIASES) {
        add(alias, "yaml-syntax", `there are more than ${MAX_ALIASES} aliases`);
        return visit.BREAK;
      }
      if (alias.resolve(document) === undefined)
        add(alias, "yaml-syntax", `no anchor "&${alias.source}" stands before this`);
      return undefined;
    },
  });
  return findings;
}

function wordError({ code, message }: YAMLError): string {
  if (code === "MULTIPLE_DOCS") return "a second document begins here; one file holds one";
  return message.replace(/^[A-Z](?=[a-z])/u, (letter) => letter.toLowerCase());
}

function finding(file: string, place: { line: number; column: number }, message: string): Finding {
  return { file, ...place, rule: "yaml-syntax", message };
}
