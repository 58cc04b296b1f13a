import type { Clock, Timestamp } from "../../../lib/clock.ts";
import type { Delay } from "../../delay.ts";
import type { ClusterFacts, Insight } from "../../insight.ts";

/** How long a drawing waits for fresh facts, in milliseconds: a gate must not wait for a cluster that does not answer. */
const PATIENCE_MS = 500;
/** Facts stay the same for a while, so that two drawings of one moment are alike. */
const FRESH_MS = 15_000;

/** What reading facts needs. */
export type FactsOptions = {
  readonly insight: Pick<Insight, "cluster">;
  readonly clock: Clock;
  readonly delay: Delay;
};

/** Makes a function that gives what is known of a cluster, soon: the last that was known when the cluster is slow. */
export function createFacts({
  insight,
  clock,
  delay,
}: FactsOptions): (cluster: string) => Promise<ClusterFacts | undefined> {
  const known = new Map<string, { readonly facts: ClusterFacts | undefined; readonly at: Timestamp }>();
  const read = async (cluster: string): Promise<void> => {
    const facts = await insight.cluster(cluster).catch(() => undefined);
    known.set(cluster, { facts: facts ?? known.get(cluster)?.facts, at: clock.now() });
  };
  return async (cluster) => {
    const last = known.get(cluster);
    if (last === undefined || clock.now() - last.at >= FRESH_MS) {
      const patience = new AbortController();
      await Promise.race([read(cluster), delay(PATIENCE_MS, patience.signal)]);
      patience.abort();
    }
    return known.get(cluster)?.facts;
  };
}
