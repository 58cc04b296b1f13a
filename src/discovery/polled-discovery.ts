import { toFailure } from "../lib/failure.ts";
import { spread } from "./backoff.ts";
import type { DiscoveryWorld } from "./discovery-world.ts";
import { createHeldNodes } from "./held-nodes.ts";
import type { DiscoveredNode, NodeDiscovery } from "./node-discovery.ts";

/** What is looked up, where and how often. */
export type Polled = {
  readonly kind: NodeDiscovery["kind"];
  /** From the end of one look to the begin of the next. */
  readonly refreshMs: number;
  /** Ends by itself; the signal ends when nobody wants its answer any more. */
  readonly look: (signal: AbortSignal) => Promise<readonly DiscoveredNode[]>;
};

/** Creates a discovery that looks again and again, for sources that tell of nothing by themselves. One look at a time. */
export function createPolledDiscovery({ kind, refreshMs, look }: Polled, world: DiscoveryWorld): NodeDiscovery {
  const held = createHeldNodes(world);
  const ended = new AbortController();
  let cancel = (): void => {};
  const lookAgain = async (): Promise<void> => {
    try {
      const found = await look(ended.signal);
      if (!ended.signal.aborted) held.found(found);
    } catch (error) {
      if (!ended.signal.aborted) held.failed(toFailure(error));
    }
    if (!ended.signal.aborted) cancel = world.timers.after(spread(refreshMs, world.chance), () => void lookAgain());
  };
  return {
    kind,
    nodes: held.nodes,
    status: held.status,
    start: lookAgain,
    stop: () => {
      ended.abort();
      cancel();
    },
  };
}
