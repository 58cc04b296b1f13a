import { createEnvironment } from "./environment.ts";
import { readChain, visitTree } from "./syntax-tree.ts";

/** A read of something by name: `steps.seal` with where it stands in the text, 0-based. */
export type Reference = { readonly path: readonly string[]; readonly offset: number };

/** Reading names takes no declarations. */
const PARSER = createEnvironment({});

/** Lists what an expression reads, each chain of names once at its longest, whether or not the names are declared. Empty when it does not parse. */
export function references(text: string): readonly Reference[] {
  const found: Reference[] = [];
  try {
    const inner = new Set<unknown>();
    for (const { node, bound } of visitTree(PARSER.environment.parse(text).ast)) {
      const path = readChain(node);
      if (path === undefined) continue;
      if (node.op !== "id" && Array.isArray(node.args)) inner.add(node.args[0]);
      if (!inner.has(node) && !bound.has(path[0] ?? "")) found.push({ path, offset: node.start });
    }
  } catch {
    return [];
  }
  return found;
}

/** A read of a step's result: the name behind `steps.`, with where the read stands in the text, 0-based. */
export type StepReference = { readonly step: string; readonly offset: number };

/** Lists the reads of results in an expression. */
export function stepReferences(text: string): readonly StepReference[] {
  return references(text).flatMap(({ path: [root, step], offset }) =>
    root === "steps" && step !== undefined ? [{ step, offset }] : [],
  );
}
