import type { CollectContext } from "./collector.ts";
import type { NodeProbe } from "./probe-nodes.ts";

/** ActiveProbe is the active node with what it says of itself without a token; an answer is undefined when that call failed. */
export type ActiveProbe = Pick<NodeProbe, "node" | "health" | "seal">;

/** Finds the active node and its probe of this scrape; throws as `context.active` does. */
export async function activeProbe({ active, probes }: Pick<CollectContext, "active" | "probes">): Promise<ActiveProbe> {
  const [node, found] = await Promise.all([active(), probes()]);
  const probe = found.find((each) => each.node.name === node.name);
  return { node, health: probe?.health, seal: probe?.seal };
}
