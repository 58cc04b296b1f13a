import type { VaultCluster, VaultNode } from "../vault/cluster.ts";

/**
 * Every call of a node that changes something, or that people must agree to for another reason. A new one belongs here: the type of
 * `VaultNode` does not tell them apart.
 */
export const MUTATIONS = [
  "removeRaftPeer",
  "stepDown",
  "seal",
  "rotateKeyring",
  "revokeAccessor",
  "revokePrefix",
  "setRateLimitQuota",
  "deleteRateLimitQuota",
  "disableAuditDevice",
  "streamRaftSnapshot",
] as const satisfies readonly (keyof VaultNode)[];

/**
 * Gives a cluster whose changing calls, and the opening of a credential for them, ask first, immediately before they leave: `ask` throws when they may not. Checks, preconditions and
 * probes get one that always throws; a call that people agreed to gets one that looks whether the run still wants it.
 */
export function guardCluster(cluster: VaultCluster, ask: () => Promise<void>): VaultCluster {
  const guarded = new WeakMap<VaultNode, VaultNode>();
  // Nodes come and go; a node is the same object as long as it is there, and so is its guarded one.
  const wrap = (node: VaultNode): VaultNode => {
    const known = guarded.get(node) ?? guardNode(node, ask);
    guarded.set(node, known);
    return known;
  };
  return {
    ...cluster,
    get nodes() {
      return cluster.nodes.map(wrap);
    },
    node: (name) => wrap(cluster.node(name)),
    activeNode: async (options) => wrap(await cluster.activeNode(options)),
    operator: {
      ...cluster.operator,
      open: async (call, options) => {
        await ask();
        return await cluster.operator.open(call, options);
      },
    },
  };
}

function guardNode(node: VaultNode, ask: () => Promise<void>): VaultNode {
  const guarded = MUTATIONS.map((name) => [
    name,
    async (...given: readonly unknown[]) => {
      await ask();
      return await (node[name] as (...all: readonly unknown[]) => Promise<unknown>)(...given);
    },
  ]);
  return { ...node, ...(Object.fromEntries(guarded) as Pick<VaultNode, (typeof MUTATIONS)[number]>) };
}
