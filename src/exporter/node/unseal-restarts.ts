import type { Timestamp } from "../../lib/clock.ts";
import { askedBefore } from "../asked-before.ts";
import type { NodeProbe } from "../probe-nodes.ts";

/** UnsealRestarts takes what a scrape saw of a cluster's nodes, and gives for each how often its unseal was begun again so far. */
export type UnsealRestarts = (cluster: string, probes: readonly NodeProbe[]) => ReadonlyMap<string, number>;

type Seen = {
  readonly askedAt: Timestamp;
  /** Of the unseal that is under way or was given up; empty when there is none to compare with. */
  readonly nonce: string;
  readonly restarts: number;
};

const NEVER: Seen = { askedAt: 0, nonce: "", restarts: 0 };

/**
 * Creates the memory of unseals. A new nonce while a node stays sealed is an unseal that was begun again: the key shares given before count
 * no more. A node that was unsealed in between has begun a new story.
 */
export function createUnsealRestarts(): UnsealRestarts {
  const clusters = new Map<string, ReadonlyMap<string, Seen>>();
  return (cluster, probes) => {
    const before = clusters.get(cluster);
    const now = new Map(probes.map((probe) => [probe.node.name, see(before?.get(probe.node.name) ?? NEVER, probe)]));
    // A probe of one node must not forget the others.
    clusters.set(cluster, new Map([...(before ?? []), ...now]));
    return new Map([...now].map(([name, { restarts }]) => [name, restarts]));
  };
}

/** Two scrapes at once must not count a change twice: there and back. */
function see(last: Seen, { seal, askedAt }: NodeProbe): Seen {
  if (seal === undefined || askedBefore(askedAt, last.askedAt)) return last;
  if (!seal.sealed) return { ...last, askedAt, nonce: "" };
  if (seal.nonce === "" || seal.nonce === last.nonce) return { ...last, askedAt };
  return { askedAt, nonce: seal.nonce, restarts: last.restarts + Number(last.nonce !== "") };
}
