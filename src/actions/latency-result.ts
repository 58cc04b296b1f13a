import type { Diagnosis } from "./latency-diagnosis.ts";
import { averageMs, medianMs, type LatencyFacts, type Worked } from "./latency-facts.ts";
import { SLOW } from "./latency-thresholds.ts";
import { whole } from "./latency-words.ts";
import { workedBetween } from "./latency-worked.ts";

/**
 * What is left to a client that is limited: a tenth of what its mount answered. Never less than ten a second: sealwatch may share its
 * address, and must still be able to take the quota away.
 */
const LEFT = 0.1;
const LEAST_LEFT = 10;

/** Gives what was measured and judged as the outputs of the check. */
export function resultOf(node: string, facts: LatencyFacts, diagnosis: Diagnosis) {
  return {
    node,
    ...judged(diagnosis),
    fast_follower: fastFollower(facts),
    ...workOf(facts),
    ...ownOf(facts),
    ...crowdOf(facts),
    ...machineOf(facts),
    numbers: numbersOf(facts),
  };
}

function judged({ cause, score, reason, causes, local }: Diagnosis) {
  const rest = causes.slice(1).map((each) => `${each.cause}: ${each.reason}`);
  return {
    cause,
    score: round(score),
    reason,
    others: rest.join("; "),
    causes: causes.map((each) => ({ ...each, score: round(each.score) })),
    local,
  };
}

function fastFollower({ followers }: LatencyFacts): string {
  const fast = followers.filter(({ read }) => read.unanswered === 0 && (medianMs(read) ?? Infinity) < SLOW.requestMs);
  return fast.sort((left, right) => (medianMs(left.read) ?? 0) - (medianMs(right.read) ?? 0))[0]?.name ?? "";
}

/** What stands for the metrics where there are none: nothing is known of anything. */
const IDLE: Worked = workedBetween({ before: new Map(), after: new Map(), seconds: 0 });

function workOf({ worked, seconds }: LatencyFacts) {
  const work = typeof worked === "string" ? IDLE : worked;
  const { requests, leases } = work;
  return {
    metrics: typeof worked === "string" ? worked : ("read" as const),
    seconds,
    requests_per_second: seconds === 0 ? 0 : round(requests.count / seconds),
    request_ms: round(averageMs(requests)),
    audit_ms: round(averageMs({ count: requests.count, ms: work.audit.ms })),
    commit_ms: round(averageMs(work.commits)),
    disk_ms: round(averageMs(work.disk)),
    storage_read_ms: round(averageMs(work.reads)),
    storage_write_ms: round(averageMs(work.writes)),
    seal_ms: round(averageMs(work.seal)),
    leases: leases.count,
    leases_per_second: round(leases.perSecond),
    revocations_waiting: leases.queue,
    goroutines: work.goroutines,
    heap_megabytes: round(work.heapBytes / 1e6),
    resident_megabytes: round(work.residentBytes / 1e6),
    gc_percent: round(work.gcShare * 100),
  };
}

function ownOf({ own: { health, read } }: LatencyFacts) {
  return { health_ms: medianMs(health) ?? 0, read_ms: medianMs(read) ?? 0, unanswered: read.unanswered };
}

function crowdOf({ crowd }: LatencyFacts) {
  const busiest = crowd?.busiest;
  const perSecond = busiest?.mountPerSecond ?? 0;
  return {
    at_once: crowd === undefined ? -1 : round(crowd.atOnce),
    oldest_ms: Math.round(crowd?.oldestMs ?? 0),
    client: busiest?.name ?? "",
    client_percent: Math.round((busiest?.share ?? 0) * 100),
    client_mount: busiest?.mount ?? "",
    mount_per_second: round(perSecond),
    mount_limit: Math.max(LEAST_LEFT, Math.round(perSecond * LEFT)),
  };
}

function machineOf({ host }: LatencyFacts) {
  const told = (value: number | undefined): number => (value === undefined ? -1 : round(value));
  return {
    cpu_percent: told(host?.busyPercent),
    io_wait_percent: told(host?.ioWaitPercent),
    memory_left_percent: told(host?.availableMemoryPercent),
    fullest_disk: host?.fullestDisk?.path ?? "",
    fullest_disk_percent: told(host?.fullestDisk?.usedPercent),
  };
}

function numbersOf(facts: LatencyFacts): string {
  const { worked, own, crowd, host } = facts;
  const health = `sys/health ${ms(medianMs(own.health))}, an authenticated read ${ms(medianMs(own.read))}`;
  const work =
    typeof worked === "string"
      ? `the server's metrics were ${worked === "unanswered" ? "not answered within 2 s" : "not to be had"}`
      : `${whole(worked.requests.count)} requests, ${whole(averageMs(worked.requests))} ms each; a commit ${whole(averageMs(worked.commits))} ms (own disk ${whole(averageMs(worked.disk))}), a read of the storage ${whole(averageMs(worked.reads))} ms; ${whole(worked.leases.count)} leases, ${whole(worked.leases.queue)} revocations waiting`;
  const served = crowd === undefined ? "" : `; ${whole(crowd.atOnce)} served at a time`;
  const { busyPercent, ioWaitPercent, availableMemoryPercent } = host ?? {};
  const machine =
    busyPercent === undefined
      ? ""
      : `; machine ${whole(busyPercent)} % busy, ${whole(ioWaitPercent ?? 0)} % waiting for disks, ${whole(availableMemoryPercent ?? 0)} % of memory left`;
  return `${health}; ${work}${served}${machine}`;
}

function ms(value: number | undefined): string {
  return value === undefined ? "without answer" : `${whole(value)} ms`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
