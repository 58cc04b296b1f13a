import type { Product, VaultNode } from "./cluster.ts";
import type { CallOptions } from "./transport.ts";

/** Detects the product by the keys of the first `sys/health` that answers; `unknown` while no node does. */
export async function detectProduct(nodes: readonly VaultNode[], options: CallOptions = {}): Promise<Product> {
  try {
    const health = await Promise.any(nodes.map(async (node) => await node.health(options)));
    return health.hasVaultOnlyKeys ? "vault" : "openbao";
  } catch {
    return "unknown";
  }
}
