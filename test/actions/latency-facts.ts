import type { LatencyFacts, Spent, Worked } from "../../src/actions/latency-facts.ts";

/** So many of something that took so long each. */
export function times(count: number, ms: number): Spent {
  return { count, ms: count * ms };
}

/** What a healthy cluster under some load does in five seconds. */
export const CALM: Worked = {
  requests: times(200, 5),
  audit: times(400, 0.2),
  slowestDevice: { name: "file", spent: times(400, 0.1) },
  reads: times(400, 0.1),
  writes: times(100, 6),
  commits: times(100, 5),
  disk: times(100, 2),
  replication: times(200, 3),
  seal: times(0, 0),
  sealUnreachableMs: 0,
  leases: { count: 900, perSecond: 0.4, queue: 0, revokedPerSecond: 0 },
  goroutines: 500,
  gcShare: 0.0002,
  heapBytes: 6e7,
  residentBytes: 1.4e8,
};

/** What was measured of a healthy cluster, with other work and other facts where a test says so. */
export function measured(work: Partial<Worked> = {}, facts: Partial<LatencyFacts> = {}): LatencyFacts {
  return {
    seconds: 5,
    worked: { ...CALM, ...work },
    own: { health: { ms: [2, 3, 2], unanswered: 0 }, read: { ms: [4, 5, 4], unanswered: 0 } },
    followers: [
      { name: "vault-1", read: { ms: [4, 4], unanswered: 0 }, disk: times(100, 2) },
      { name: "vault-2", read: { ms: [5, 5], unanswered: 0 }, disk: times(100, 2) },
    ],
    crowd: { atOnce: 1, oldestMs: 20, busiest: undefined },
    host: {
      busyPercent: 20,
      ioWaitPercent: 1,
      availableMemoryPercent: 70,
      usedSwapPercent: 0,
      fullestDisk: { path: "/", usedPercent: 40 },
    },
    ...facts,
  };
}
