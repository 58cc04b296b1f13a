import { isAlias, isMap, isScalar, isSeq, type Document, type LineCounter, type Node, type Pair } from "yaml";
import { offsetInSource } from "./scalar-offset.ts";

/** A place in a file, both 1-based. */
export type Place = { readonly line: number; readonly column: number };

/** A path into a document: keys of maps and indexes of lists. */
export type DocumentPath = readonly PropertyKey[];

/** What of a path is meant: its key, its value (the default), or a character of its text (0-based). */
export type Aim = { readonly on?: "key" | "value"; readonly offset?: number | undefined };

/** Positions tells where in a file the things of a document stand. A path that leads nowhere gives the nearest thing around it. */
export type Positions = { readonly at: (path: DocumentPath, aim?: Aim) => Place };

/** A parsed file with what is needed to find places in it. */
export type LocatedDocument = {
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
  readonly text: string;
};

/** Makes the positions of a parsed document. */
export function createPositions(located: LocatedDocument): Positions {
  const { document, lines, text } = located;
  return {
    at(path, { on = "value", offset } = {}) {
      const { key, node } = descend(document, path);
      const target = on === "key" ? (key ?? node) : (startOf(node) ?? key ?? node);
      const shift = offset === undefined || !isScalar(node) ? undefined : offsetInSource(node, text, offset);
      return placeOf(lines, shift ?? startOffset(target));
    },
  };
}

/** Finds the place of a character of the file (0-based). */
export function placeOf(lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

type Found = { readonly key: Node | undefined; readonly node: Node | null | undefined };

function descend(document: Document.Parsed, path: DocumentPath): Found {
  let found: Found = { key: undefined, node: document.contents };
  for (const step of path) {
    const next = child(document, found.node, step);
    if (next === undefined) return found;
    found = next;
  }
  return found;
}

function child(document: Document.Parsed, parent: Node | null | undefined, step: PropertyKey): Found | undefined {
  const node = isAlias(parent) ? parent.resolve(document) : parent;
  if (isSeq(node)) {
    const item = node.items[Number(step)];
    return item === undefined ? undefined : { key: undefined, node: item as Node };
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find(({ key }) => String(isScalar(key) ? key.value : key) === String(step)) as
    Pair<Node, Node | null> | undefined;
  return pair === undefined ? undefined : { key: pair.key, node: pair.value };
}

/** An empty value has a place behind its key that nobody would look at. */
function startOf(node: Node | null | undefined): Node | undefined {
  if (node === null || node === undefined) return undefined;
  return isScalar(node) && node.value === null && node.source === "" ? undefined : node;
}

function startOffset(node: Node | null | undefined): number {
  return node?.range?.[0] ?? 0;
}
