import type { Timestamp } from "../lib/clock.ts";
import { askedBefore } from "./asked-before.ts";
import type { NodeProbe } from "./probe-nodes.ts";

/** Leader is the node that leads a cluster; `since` is undefined when it does not tell. */
export type Leader = { readonly node: string; readonly since: Timestamp | undefined };

/** LeaderHistory takes what a scrape saw of a cluster and gives who leads now, and how often that changed so far. */
export type LeaderHistory = (
  cluster: string,
  probes: readonly NodeProbe[],
) => { readonly leader: Leader | undefined; readonly changes: number };

/** The last leader that was seen, and when its cluster was asked. */
type Seen = {
  readonly askedAt: Timestamp;
  readonly leader: Leader | undefined;
  readonly changes: number;
  /** Since when each node led when it last did; clocks differ, so that a time tells one lead from another and not which came first. */
  readonly leads: ReadonlyMap<string, Timestamp | undefined>;
};

const NOTHING: Seen = { askedAt: 0, leader: undefined, changes: 0, leads: new Map() };

/** Creates the memory of leaders. A leader that was not seen for a while and is the same as before is no change. */
export function createLeaderHistory(): LeaderHistory {
  const clusters = new Map<string, Seen>();
  return (cluster, probes) => {
    const leader = leaderOf(probes);
    const seen = see(clusters.get(cluster) ?? NOTHING, leader, askedAt(probes));
    clusters.set(cluster, seen);
    return { leader, changes: seen.changes };
  };
}

/** Of two that call themselves active the later one: a leader that was cut off says so until it notices. */
function leaderOf(probes: readonly NodeProbe[]): Leader | undefined {
  const claims = probes
    .filter(({ state }) => state === "active")
    .map(({ node, leader }) => ({ node: node.name, since: sinceOf(leader?.activeTime) }));
  return claims.toSorted((left, right) => (right.since ?? 0) - (left.since ?? 0))[0];
}

function sinceOf(activeTime: string | undefined): Timestamp | undefined {
  return activeTime === undefined ? undefined : Date.parse(activeTime);
}

function askedAt(probes: readonly NodeProbe[]): Timestamp {
  return Math.min(...probes.map((probe) => probe.askedAt));
}

/** Two scrapes at once must not count a change twice: there and back. */
function see(last: Seen, leader: Leader | undefined, at: Timestamp): Seen {
  if (leader === undefined || askedBefore(at, last.askedAt)) return last;
  const leads = new Map([...last.leads, [leader.node, leader.since ?? last.leads.get(leader.node)]]);
  if (last.leader === undefined) return { askedAt: at, leader, changes: last.changes, leads };
  if (isOver(leader, last.leader, last.leads)) return { ...last, askedAt: at };
  const changed = leader.node !== last.leader.node || differ(leader.since, last.leader.since);
  const since = leader.since ?? (changed ? undefined : last.leader.since);
  return { askedAt: at, leader: { node: leader.node, since }, changes: last.changes + Number(changed), leads };
}

/** A leader that was cut off goes on with its old lead; while the new one does not answer, it is the only one that claims it. */
function isOver({ node, since }: Leader, { node: latest }: Leader, leads: Seen["leads"]): boolean {
  return node !== latest && since !== undefined && leads.get(node) === since;
}

/** The same node that led since another time lost the lead in between; a time that is not told proves nothing. */
function differ(left: Timestamp | undefined, right: Timestamp | undefined): boolean {
  return left !== undefined && right !== undefined && left !== right;
}
