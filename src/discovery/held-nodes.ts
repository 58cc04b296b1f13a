import { isDeepStrictEqual } from "node:util";
import type { Clock, Timestamp } from "../lib/clock.ts";
import type { Failure } from "../lib/failure.ts";
import type { Logger } from "../lib/logger.ts";
import type { DiscoveredNode, NodeDiscovery } from "./node-discovery.ts";

/** HeldNodes keeps what was last found while nothing can be found, and knows that it does. */
export type HeldNodes = Pick<NodeDiscovery, "nodes" | "status"> & {
  readonly found: (nodes: readonly DiscoveredNode[]) => void;
  readonly failed: (failure: Failure) => void;
};

/** Creates an empty set of nodes, which is stale until something was found. */
export function createHeldNodes({ clock, logger }: { readonly clock: Clock; readonly logger: Logger }): HeldNodes {
  let held: readonly DiscoveredNode[] = [];
  let lastSuccessAt: Timestamp | undefined;
  let trouble: string | undefined;
  return {
    nodes: () => held,
    status: () => ({ stale: trouble !== undefined || lastSuccessAt === undefined, lastSuccessAt }),
    found: (nodes) => {
      lastSuccessAt = clock.now();
      if (trouble !== undefined) logger.info("nodes can be looked for again");
      trouble = undefined;
      if (isDeepStrictEqual(nodes, held)) return;
      held = nodes;
      logger.info("other nodes were found", { nodes: nodes.map(({ name }) => name).join(", ") });
    },
    failed: ({ message }) => {
      // A trouble is told once, not at every try.
      if (message !== trouble) logger.warn("cannot look for nodes, those known stay", { why: message });
      trouble = message;
    },
  };
}
