import type { LockHolder } from "../../engine/run.ts";
import type { ClusterLocks } from "../../runner/ports.ts";
import { lockOfEndedRun } from "../lock-of-ended-run.ts";

/** Who holds what, by cluster. */
export type HeldLocks = Map<string, LockHolder>;

/** Keeps the locks of clusters in memory; `hasEnded` tells of a run that it is finished. */
export function createMemoryLocks(locks: HeldLocks, hasEnded: (runId: string) => boolean): ClusterLocks {
  return {
    async acquire(cluster, runId, at) {
      if (hasEnded(runId)) throw lockOfEndedRun(cluster, runId);
      const holder = locks.get(cluster) ?? { runId, since: at };
      locks.set(cluster, holder);
      return { ...holder };
    },
    async release(cluster, runId) {
      return locks.get(cluster)?.runId === runId && locks.delete(cluster);
    },
    async list() {
      const all = [...locks].map(([cluster, holder]) => ({ cluster, ...holder }));
      return all.sort((left, right) => (left.cluster < right.cluster ? -1 : 1));
    },
  };
}
