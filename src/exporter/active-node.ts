import { FailureError } from "../lib/failure.ts";
import type { VaultNode } from "../vault/cluster.ts";
import { callBudget } from "./call-budget.ts";
import type { CollectContext } from "./collector.ts";

/** Finding the active node and asking it once, one after the other, end before the deadline does. */
const SHARE = 0.4;

/**
 * Finds the active node. Throws reason `no-leader`, or `wrong-cluster` when the node that calls itself active is another cluster's: it
 * would get our token and answer for ours.
 */
export async function activeNode(
  context: Pick<CollectContext, "cluster" | "probes" | "signal" | "timeoutMs">,
): Promise<VaultNode> {
  const [active, probes] = await Promise.all([
    context.cluster.activeNode(callBudget(context, SHARE)),
    context.probes(),
  ]);
  const failure = probes.find(({ node }) => node.name === active.name)?.failure;
  if (failure?.reason === "wrong-cluster") throw new FailureError(failure);
  return active;
}
