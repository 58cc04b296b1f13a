import { FailureError } from "../lib/failure.ts";
import type { VaultNode } from "../vault/cluster.ts";
import { callBudget } from "./call-budget.ts";
import type { CollectContext } from "./collector.ts";

/**
 * Finds the active node within a share (0 to 1) of the scrape's time. Throws reason `no-leader`, or `wrong-cluster` when the node that
 * calls itself active is another cluster's: it would get our token and answer for ours.
 */
export async function activeNode(context: CollectContext, share: number): Promise<VaultNode> {
  const [active, probes] = await Promise.all([
    context.cluster.activeNode(callBudget(context, share)),
    context.probes(),
  ]);
  const failure = probes.find(({ node }) => node.name === active.name)?.failure;
  if (failure?.reason === "wrong-cluster") throw new FailureError(failure);
  return active;
}
