import { FailureError } from "../lib/failure.ts";
import type { VaultNode } from "../vault/cluster.ts";
import type { ActionContext, Precondition } from "./action.ts";
import { nodeRead } from "./node-read.ts";
import { identityPrecondition } from "./removal-preconditions.ts";

/**
 * Reads what every call is judged by, which cluster it is and who leads it, and then the facts of this call from the active node. Without a
 * leader no token can be made or looked at, so nothing else is read. The identity is read beside the rest: a node that hangs costs its
 * time once.
 */
export async function readActivePreconditions(
  context: ActionContext,
  facts: (active: VaultNode) => Promise<readonly Precondition[]>,
): Promise<readonly Precondition[]> {
  const [identity, rest] = await Promise.all([
    context.cluster.identity(nodeRead(context)),
    readActiveIfLed(context).then(async (active) =>
      active === undefined ? [NO_LEADER] : [leaderFact(active), ...(await facts(active))],
    ),
  ]);
  return [identityPrecondition(identity), ...rest];
}

/** Finds the active node for a call; throws reason `wrong-cluster` where the addresses lead to another cluster, and `no-leader`. */
export async function readActive(context: ActionContext): Promise<VaultNode> {
  const { cluster } = context;
  const [active] = await Promise.all([cluster.activeNode(nodeRead(context)), cluster.identity(nodeRead(context))]);
  return active;
}

const NO_LEADER: Precondition = {
  name: "leader",
  ok: false,
  value: null,
  text: "no node calls itself active; without a leader Vault looks at no token and changes nothing",
};

function leaderFact({ name }: VaultNode): Precondition {
  return { name: "leader", ok: true, value: name, text: `${name} is active` };
}

async function readActiveIfLed(context: ActionContext): Promise<VaultNode | undefined> {
  try {
    return await context.cluster.activeNode(nodeRead(context));
  } catch (error) {
    if (error instanceof FailureError && error.reason === "no-leader") return undefined;
    throw error;
  }
}
