import { averageMs, medianMs, type LatencyFacts, type Spent, type Worked } from "./latency-facts.ts";
import { CROWD, MACHINE, SLOW, STORM } from "./latency-thresholds.ts";
import { whole } from "./latency-words.ts";

/** Cause is one explanation of slowness. `score` is the part of the requests' time that it explains, or how sure it is, from 0 to 1. */
export type Cause = {
  readonly cause: "audit" | "storage" | "network" | "leases" | "client" | "kms" | "memory";
  readonly score: number;
  readonly reason: string;
};

/** Finds everything that may make a cluster slow, each by its own numbers; `slow` says whether requests are. */
export function findCauses(facts: LatencyFacts, slow: boolean): readonly Cause[] {
  const { worked } = facts;
  const hanging = hangingAudit(facts);
  if (typeof worked === "string") return [...hanging, ...memoryOfHost(facts, slow)];
  const waits = [
    ...(hanging.length > 0 ? hanging : slowAudit(worked, facts)),
    ...slowCommits(worked, facts),
    ...slowReads(worked, facts),
  ];
  const storm = leaseStorm(worked);
  // Who makes a storm of leases is found by the runbook about leases; here it is no second cause.
  const explained = Math.max(0, ...[...waits, ...storm].map(({ score }) => score));
  return [
    // Revocations write too: then it is their number that keeps the disk busy.
    ...waits.map((wait) =>
      storm.length > 0 && wait.cause === "storage" ? { ...wait, score: wait.score * 0.6 } : wait,
    ),
    ...storm,
    ...oneClient(facts, worked.requests.count / facts.seconds, { slow, explained }),
    ...slowSeal(worked),
    ...collecting(worked),
    ...memoryOfHost(facts, slow),
  ];
}

/** Tells whether authenticated reads get no answer while `sys/health` does. */
export function hangs({ own: { health, read } }: LatencyFacts): boolean {
  const healthMs = medianMs(health);
  return read.unanswered > read.ms.length && healthMs !== undefined && healthMs < SLOW.healthMs;
}

/** What hangs before every answer while health does not is the audit: health alone is not written down. */
function hangingAudit(facts: LatencyFacts): Cause[] {
  if (!hangs(facts)) return [];
  const { health, read } = facts.own;
  const metrics = facts.worked === "unanswered" ? ", and neither did its metrics" : "";
  const asked = read.unanswered + read.ms.length;
  return [
    {
      cause: "audit",
      score: 0.9,
      reason: `sys/health answered in ${whole(medianMs(health) ?? 0)} ms, but ${read.unanswered} of ${asked} authenticated reads did not within 2 s${metrics}: no request is answered before an audit device has its record, and health is the one that has none`,
    },
  ];
}

/**
 * On a machine without a free processor everything takes as long as its turn takes to come. `sys/health` does nothing else than wait for its
 * turn: what takes hardly longer than that is not slow by itself.
 */
function waitsForItsTurn(ms: number, { own, host }: LatencyFacts): boolean {
  return (host?.busyPercent ?? 0) >= MACHINE.busy && ms < 2 * (medianMs(own.health) ?? 0);
}

function slowAudit({ audit, requests, slowestDevice }: Worked, facts: LatencyFacts): Cause[] {
  const auditMs = perRequest(audit, requests);
  if (auditMs < SLOW.auditMs || waitsForItsTurn(auditMs, facts)) return [];
  const device =
    slowestDevice === undefined
      ? ""
      : `; the device ${slowestDevice.name} alone ${whole(perRequest(slowestDevice.spent, requests))} ms`;
  return [
    {
      cause: "audit",
      score: part(audit, requests),
      reason: `audit took ${whole(auditMs)} of ${whole(averageMs(requests))} ms of a request${device}`,
    },
  ];
}

function slowCommits({ commits, disk, replication, writes, requests }: Worked, facts: LatencyFacts): Cause[] {
  const { followers } = facts;
  const commitMs = averageMs(commits);
  if (commitMs < SLOW.commitMs || waitsForItsTurn(commitMs, facts)) return [];
  const score = requests.count === 0 ? 0.5 : part(writes, requests);
  const [ownMs, wayMs] = [averageMs(disk), averageMs(replication)];
  const theirMs = followers.flatMap((each) => (each.disk === undefined ? [] : [averageMs(each.disk)]));
  const slowest = Math.max(0, ...theirMs);
  const took = `a write took ${whole(commitMs)} ms until a majority had it`;
  if (ownMs >= commitMs / 2)
    return [{ cause: "storage", score, reason: `${took}, ${whole(ownMs)} of them on the leader's own disk` }];
  if (slowest >= commitMs / 2)
    return [{ cause: "storage", score, reason: `${took}: a follower's disk takes ${whole(slowest)} ms` }];
  const known = theirMs.length === 0 ? "" : ` and the followers' at most ${whole(slowest)}`;
  const reason = `${took}, but the leader's disk only ${whole(ownMs)} ms${known}; the way to the followers and back took ${whole(wayMs)} ms`;
  return [{ cause: "network", score, reason }];
}

function slowReads({ reads, requests }: Worked, facts: LatencyFacts): Cause[] {
  const readMs = averageMs(reads);
  if (readMs < SLOW.storageReadMs || waitsForItsTurn(readMs, facts)) return [];
  return [
    {
      cause: "storage",
      score: requests.count === 0 ? 0.5 : part(reads, requests),
      reason: `a read of the storage took ${whole(readMs)} ms, ${reads.count} of them in the window`,
    },
  ];
}

function leaseStorm({ leases: { count, perSecond, queue, revokedPerSecond } }: Worked): Cause[] {
  const pace = Math.max(Math.abs(perSecond), revokedPerSecond);
  if (queue < STORM.queue && pace < STORM.perSecond) return [];
  const size = Math.max(queue / (10 * STORM.queue), pace / (10 * STORM.perSecond));
  const change = `${whole(Math.abs(perSecond))} ${perSecond < 0 ? "fewer" : "more"} every second`;
  return [
    {
      cause: "leases",
      score: 0.5 + Math.min(1, size) / 2,
      reason: `there are ${whole(count)} leases, ${change}, and ${whole(queue)} revocations wait`,
    },
  ];
}

type Circumstances = { readonly slow: boolean; readonly explained: number };

/** One client explains only what is not explained by what all requests wait for. */
function oneClient({ crowd, host }: LatencyFacts, perSecond: number, { slow, explained }: Circumstances): Cause[] {
  const busiest = crowd?.busiest;
  if (busiest === undefined || crowd === undefined || busiest.share < CROWD.share) return [];
  if (crowd.atOnce < CROWD.atOnce && perSecond * busiest.share < CROWD.perSecond) return [];
  const busy = host?.busyPercent ?? 0;
  if (!slow && busy < MACHINE.busy) return [];
  const pace = busiest.mountPerSecond === undefined ? "" : `, which answers ${whole(busiest.mountPerSecond)} a second`;
  const machine = busy < MACHINE.busy ? "" : `; the machine is ${whole(busy)} % busy`;
  return [
    {
      cause: "client",
      score: busiest.share * (1 - explained),
      reason: `${whole(crowd.atOnce)} requests were served at a time, ${whole(busiest.share * 100)} % of them of ${busiest.name}, most on ${busiest.mount}${pace}${machine}`,
    },
  ];
}

function slowSeal({ seal, requests, sealUnreachableMs }: Worked): Cause[] {
  const sealMs = averageMs(seal);
  if (sealMs >= SLOW.sealMs) {
    const reason = `the seal took ${whole(sealMs)} ms a call, ${seal.count} calls in the window`;
    return [{ cause: "kms", score: requests.count === 0 ? 0.5 : part(seal, requests), reason }];
  }
  if (sealUnreachableMs <= 0) return [];
  const reason = `the active node has not reached its seal for ${whole(sealUnreachableMs / 1000)} s`;
  return [{ cause: "kms", score: 0.4, reason }];
}

function collecting({ gcShare, heapBytes }: Worked): Cause[] {
  if (gcShare < SLOW.gcShare) return [];
  const reason = `everything stood still for the garbage collector ${whole(gcShare * 100)} % of the time, with ${whole(heapBytes / 1e6)} MB in use`;
  return [{ cause: "memory", score: Math.min(1, 0.5 + gcShare), reason }];
}

/** Little memory is no slowness yet: only when requests are slow it explains something. */
function memoryOfHost({ host }: LatencyFacts, slow: boolean): Cause[] {
  const { availableMemoryPercent: available = 100, usedSwapPercent: swap = 0 } = host ?? {};
  if (!slow || (available >= MACHINE.availableMemory && swap < MACHINE.usedSwap)) return [];
  const reason = `the leader's machine has ${whole(available)} % of its memory left, and ${whole(swap)} % of its swap is in use`;
  return [{ cause: "memory", score: 0.6, reason }];
}

function perRequest(spent: Spent, requests: Spent): number {
  return requests.count === 0 ? 0 : spent.ms / requests.count;
}

/** What ran beside the requests may have taken longer than they did. */
function part(spent: Spent, requests: Spent): number {
  return requests.ms === 0 ? 0 : Math.min(1, spent.ms / requests.ms);
}
