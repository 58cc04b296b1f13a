import { z } from "zod";
import { FailureError } from "../../lib/failure.ts";
import type { Product } from "../../vault/cluster.ts";
import type { ActionContext } from "../action.ts";
import { defineCheck } from "../action.ts";
import { nodeRead } from "../node-read.ts";
import type { NodeReading, NodeState } from "../node-state.ts";
import { readNodeStates } from "../node-state.ts";
import { margin, quorum } from "../../lib/quorum.ts";

const Names = z.array(z.string());

/**
 * Counts the nodes by their state. Works without a token and when nothing answers. It counts configured nodes: who votes is known to
 * raft alone, and `vault.raft-peers` asks it.
 */
export const clusterNodes = defineCheck({
  name: "vault.cluster-nodes",
  summary: "Ask every node how it is",
  input: z.strictObject({}),
  output: z.object({
    /** `vault`, `openbao`, or `unknown` while nothing answers. */
    product: z.string(),
    expected: z.int(),
    /** Everything that is not unreachable. */
    reachable: z.int(),
    unsealed: z.int(),
    sealed: z.int(),
    uninitialized: z.int(),
    removed: z.int(),
    unreachable: z.int(),
    /** Answer, but not with their health: a quota, or something that is not Vault. */
    unknown: z.int(),
    unsealed_nodes: Names,
    sealed_nodes: Names,
    uninitialized_nodes: Names,
    removed_nodes: Names,
    unreachable_nodes: Names,
    unknown_nodes: Names,
    /** Unsealed nodes that a majority of the configured ones needs. */
    quorum: z.int(),
    /** Unsealed nodes beyond that; below zero there is no majority. */
    margin: z.int(),
    majority: z.boolean(),
  }),
  policy: [],
  read: async (context) => {
    const [product, readings] = await Promise.all([readProduct(context), readNodeStates(context)]);
    const names = (state: NodeState) => namesOf(readings, state);
    const counts = { voters: readings.length, healthy: names("unsealed").length };
    return {
      product,
      expected: readings.length,
      reachable: readings.length - names("unreachable").length,
      unsealed: names("unsealed").length,
      sealed: names("sealed").length,
      uninitialized: names("uninitialized").length,
      removed: names("removed").length,
      unreachable: names("unreachable").length,
      unknown: names("unknown").length,
      unsealed_nodes: names("unsealed"),
      sealed_nodes: names("sealed"),
      uninitialized_nodes: names("uninitialized"),
      removed_nodes: names("removed"),
      unreachable_nodes: names("unreachable"),
      unknown_nodes: names("unknown"),
      quorum: quorum(readings.length),
      margin: margin(counts),
      majority: margin(counts) >= 0,
    };
  },
});

function namesOf(readings: readonly NodeReading[], state: NodeState): string[] {
  return readings.filter((reading) => reading.state === state).map(({ node }) => node.name);
}

async function readProduct(context: ActionContext): Promise<Product> {
  try {
    return await context.cluster.product(nodeRead(context));
  } catch (error) {
    if (context.signal.aborted || !(error instanceof FailureError)) throw error;
    return "unknown";
  }
}
