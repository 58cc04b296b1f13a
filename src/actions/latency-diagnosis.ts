import { findCauses, hangs, type Cause } from "./latency-causes.ts";
import { averageMs, medianMs, type LatencyFacts, type Timed } from "./latency-facts.ts";
import { MACHINE, SLOW } from "./latency-thresholds.ts";
import { whole } from "./latency-words.ts";

/** Diagnosis says what makes a cluster slow, the likeliest first. */
export type Diagnosis = {
  readonly cause: Cause["cause"] | "healthy" | "unknown";
  readonly score: number;
  /** One sentence without an end, with the numbers. */
  readonly reason: string;
  readonly causes: readonly Cause[];
  /** The slowness is the leader's alone: the followers' own reads (or disks, where it is the disk) are fast. */
  readonly local: boolean;
};

/** A disk, a processor or a device is a node's own; leases, clients and the KMS go with the leadership. */
const CAN_BE_LOCAL: readonly Diagnosis["cause"][] = ["audit", "storage", "memory", "unknown"];

/** Says what makes a cluster slow, or that nothing does; a judgement over numbers, which reads nothing. */
export function diagnose(facts: LatencyFacts): Diagnosis {
  const slow = isSlow(facts);
  const causes = [...findCauses(facts, slow)].sort((left, right) => right.score - left.score);
  const [first] = causes;
  if (first === undefined && !slow) return { cause: "healthy", score: 1, reason: calm(facts), causes, local: false };
  const { cause, score, reason } = first ?? { cause: "unknown" as const, score: 0, reason: nothingFound(facts) };
  return { cause, score, reason, causes, local: CAN_BE_LOCAL.includes(cause) && isLocal(cause, facts) };
}

function isSlow(facts: LatencyFacts): boolean {
  const { worked, own } = facts;
  const served = typeof worked === "string" ? 0 : averageMs(worked.requests);
  return (
    served >= SLOW.requestMs ||
    own.read.unanswered + own.health.unanswered > 0 ||
    (medianMs(own.read) ?? 0) >= SLOW.ownReadMs ||
    (medianMs(own.health) ?? 0) >= SLOW.healthMs ||
    worked === "unanswered"
  );
}

function isLocal(cause: Diagnosis["cause"], { own, followers, worked }: LatencyFacts): boolean {
  if (followers.length === 0) return false;
  if (cause === "storage" && typeof worked !== "string") {
    const ownIsSlow = averageMs(worked.disk) >= SLOW.diskMs;
    return ownIsSlow && followers.every(({ disk }) => disk !== undefined && averageMs(disk) < SLOW.diskMs);
  }
  const fast = (timed: Timed): boolean => timed.unanswered === 0 && (medianMs(timed) ?? Infinity) < SLOW.requestMs;
  return !fast(own.read) && followers.every(({ read }) => fast(read));
}

function calm({ worked, own, seconds }: LatencyFacts): string {
  const ownRead = `our own read ${whole(medianMs(own.read) ?? 0)} ms`;
  if (typeof worked === "string") return `${ownRead}; the server's own metrics could not be read`;
  const { requests, audit, commits } = worked;
  if (requests.count === 0) return `nobody asked anything within ${whole(seconds)} s, and ${ownRead}`;
  return `a request took ${whole(averageMs(requests))} ms on average of ${requests.count} in ${whole(seconds)} s, of which audit ${whole(audit.ms / requests.count)}; a commit ${whole(averageMs(commits))} ms, ${ownRead}`;
}

function nothingFound(facts: LatencyFacts): string {
  const { own, worked, host } = facts;
  const health = medianMs(own.health);
  const busy = host?.busyPercent ?? 0;
  if (health === undefined)
    return "even sys/health got no answer within 2 s: the machine, its network or the process stands still";
  if (health >= SLOW.healthMs)
    return `even sys/health took ${whole(health)} ms, which reads nothing and records nothing: the machine${busy >= MACHINE.busy ? ` (${whole(busy)} % busy)` : ""}, or the way to it`;
  if (hangs(facts)) return "authenticated reads get no answer";
  if (typeof worked === "string")
    return `our own read took ${whole(medianMs(own.read) ?? 2000)} ms, sys/health ${whole(health)} ms, and the server's own metrics could not be read`;
  return `a request took ${whole(averageMs(worked.requests))} ms, of which audit ${whole(worked.requests.count === 0 ? 0 : worked.audit.ms / worked.requests.count)}; a commit ${whole(averageMs(worked.commits))} ms, a read of the storage ${whole(averageMs(worked.reads))} ms: none of these explains it; a secrets engine or an auth method that waits for its own backend would look like this`;
}
