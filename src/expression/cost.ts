import type { ASTNode } from "@marcbachmann/cel-js";
import type { Extent } from "./cel-values.ts";
import { visitTree } from "./syntax-tree.ts";

/** How much work an expression is: at each depth of loops, its nodes and those of them that look at a whole text or list. */
export type CostProfile = {
  readonly nodes: readonly number[];
  readonly scans: readonly number[];
  /** Lists grow only by `+`. */
  readonly additions: number;
  readonly longestLiteral: number;
};

/** Bound of one evaluation, in visits of nodes; what it allows was measured to take well below a second. */
export const MAX_COST = 10_000_000;

/** Bound of the text in the values of one evaluation, in characters. */
export const MAX_TEXT = 200_000;

const SCANS: ReadonlySet<string> = new Set(["+", "==", "!=", "<", "<=", ">", ">=", "in", "call", "rcall"]);

/** Counts what an expression would do. */
export function profileCost(tree: ASTNode): CostProfile {
  const visits = visitTree(tree);
  const depths = Math.max(...visits.map(({ depth }) => depth)) + 1;
  const nodes = Array.from({ length: depths }, () => 0);
  const scans = [...nodes];
  for (const { node, depth } of visits) {
    nodes[depth] = (nodes[depth] ?? 0) + 1;
    if (SCANS.has(node.op)) scans[depth] = (scans[depth] ?? 0) + 1;
  }
  const lengths = visits.map(({ node }) => (node.op === "list" || node.op === "map" ? node.args.length : 0));
  const additions = visits.filter(({ node }) => node.op === "+").length;
  return { nodes, scans, additions, longestLiteral: Math.max(...lengths) };
}

/** Bounds from above what one evaluation costs for values of an extent. */
export function estimateCost(profile: CostProfile, { longestList, textLength }: Extent): number {
  const longest = Math.max(longestList, profile.longestLiteral, 1) * (1 + profile.additions);
  const perScan = longest + textLength / 100;
  return profile.nodes.reduce(
    (sum, count, depth) => sum + (count + (profile.scans[depth] ?? 0) * perScan) * longest ** depth,
    0,
  );
}
