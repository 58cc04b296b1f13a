import type { ASTNode } from "@marcbachmann/cel-js";

/** Functions that expressions may call: all look at their arguments once and build nothing large. */
export const FUNCTIONS = ["size", "string", "int", "double", "bool", "has"] as const;

/** Methods that expressions may call. `matches` is missing on purpose: a regular expression may take longer than the universe lasts. */
export const METHODS = [
  "all",
  "contains",
  "endsWith",
  "exists",
  "exists_one",
  "filter",
  "hasValue",
  "join",
  "lowerAscii",
  "map",
  "or",
  "orValue",
  "size",
  "startsWith",
  "trim",
  "upperAscii",
  "value",
] as const;

/** Methods that evaluate their last arguments once for every element. */
const LOOPS: ReadonlySet<string> = new Set(["all", "exists", "exists_one", "map", "filter"]);

/** A node of an expression's tree, how many loops it is in, and the names that those loops bind. */
export type Visit = { readonly node: ASTNode; readonly depth: number; readonly bound: ReadonlySet<string> };

/** Walks a tree, the node before its children. Names that a loop declares are not visited. */
export function visitTree(tree: ASTNode): readonly Visit[] {
  const visits: Visit[] = [];
  // Not a generator in a generator: in those every value passes through all levels above it.
  const walk = (node: ASTNode, depth: number, bound: ReadonlySet<string>): void => {
    visits.push({ node, depth, bound });
    if (node.op === "rcall" && LOOPS.has(node.args[0])) {
      const [, receiver, [variable, ...body]] = node.args;
      walk(receiver, depth, bound);
      const inside = variable?.op === "id" ? new Set([...bound, variable.args]) : bound;
      for (const child of body) walk(child, depth + 1, inside);
    } else for (const child of children(node)) walk(child, depth, bound);
  };
  walk(tree, 0, new Set());
  return visits;
}

function children(node: ASTNode): readonly ASTNode[] {
  switch (node.op) {
    case "value":
    case "id":
      return [];
    case ".":
    case ".?":
      return [node.args[0]];
    case "call":
      return node.args[1];
    case "rcall":
      return [node.args[1], ...node.args[2]];
    case "map":
      return node.args.flat();
    case "!_":
    case "-_":
      return [node.args];
    default:
      return node.args;
  }
}

/** Reads a chain of names such as `steps.seal.type`; gives undefined for anything that is not a plain chain. */
export function readChain(node: ASTNode): readonly string[] | undefined {
  if (node.op === "id") return [node.args];
  const key = readKey(node);
  if (key === undefined || !isAccess(node)) return undefined;
  const left = readChain(node.args[0]);
  return left === undefined ? undefined : [...left, key];
}

function readKey(node: ASTNode): string | undefined {
  if (node.op === "." || node.op === ".?") return node.args[1];
  if (node.op !== "[]" && node.op !== "[?]") return undefined;
  const index = node.args[1];
  return index.op === "value" && typeof index.args === "string" ? index.args : undefined;
}

type AccessNode = Extract<ASTNode, { op: "." | ".?" | "[]" | "[?]" }>;

/** Tells whether a node reads a field or an element: `a.b`, `a.?b`, `a["b"]`, `a[?"b"]`. */
export function isAccess(node: ASTNode): node is AccessNode {
  return node.op === "." || node.op === ".?" || node.op === "[]" || node.op === "[?]";
}
