import { FailureError } from "../lib/failure.ts";
import type { SysHealth } from "../vault/endpoints/sys-health.ts";
import type { VaultNode } from "../vault/cluster.ts";
import type { ActionContext } from "./action.ts";
import { nodeRead } from "./node-read.ts";

/**
 * What a node is by its own word in `sys/health`. `unreachable` covers a refused connection and a time-out: the same to whoever is on
 * call, and stable. `unknown` answers, but not with its health (a quota, a proxy's page): never taken for alive nor for dead.
 */
export const NODE_STATES = ["unsealed", "sealed", "uninitialized", "removed", "unreachable", "unknown"] as const;

/** One of `NODE_STATES`. */
export type NodeState = (typeof NODE_STATES)[number];

/** A node's state with the answer or the failure that it was judged by. */
export type NodeReading = {
  readonly node: VaultNode;
  readonly state: NodeState;
  readonly health: SysHealth | undefined;
  readonly failure: FailureError | undefined;
};

/** Reads `sys/health` (no token) of one node; a failure is a state here, except that of an ended signal, which is thrown. */
export async function readNodeState(context: ActionContext, node: VaultNode): Promise<NodeReading> {
  try {
    const health = await node.health(nodeRead(context));
    return { node, state: stateOf(health), health, failure: undefined };
  } catch (error) {
    if (context.signal.aborted || !(error instanceof FailureError)) throw error;
    return { node, state: isSilent(error) ? "unreachable" : "unknown", health: undefined, failure: error };
  }
}

/** Reads the state of every configured node at once, in the configuration's order. */
export async function readNodeStates(context: ActionContext): Promise<readonly NodeReading[]> {
  return await Promise.all(context.cluster.nodes.map(async (node) => await readNodeState(context, node)));
}

function stateOf(health: SysHealth): NodeState {
  if (!health.initialized) return "uninitialized";
  if (health.removedFromCluster === true) return "removed";
  return health.sealed ? "sealed" : "unsealed";
}

function isSilent({ reason }: FailureError): boolean {
  return reason === "unreachable" || reason === "timeout";
}
