import type { VaultNode } from "../vault/cluster.ts";
import type { ActionContext } from "./action.ts";
import { nodeRead } from "./node-read.ts";

/** The server tells whole seconds: half of one is what is left out on average. */
const HALF_A_SECOND_MS = 500;

/** How far a node's clock is ahead of ours, in milliseconds, to half a second and the way there (`sys/health`); negative when it is behind. */
export async function readClockAhead(context: ActionContext, node: VaultNode): Promise<number> {
  const { serverTimeSeconds } = await node.health(nodeRead(context));
  return serverTimeSeconds * 1000 + HALF_A_SECOND_MS - context.clock.now();
}
