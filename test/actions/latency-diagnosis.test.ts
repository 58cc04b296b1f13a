import { describe, expect, it } from "@jest/globals";
import { diagnose } from "../../src/actions/latency-diagnosis.ts";
import type { Crowd, Follower, LatencyFacts, Own } from "../../src/actions/latency-facts.ts";
import { measured, times } from "./latency-facts.ts";

const HANGING: Own = { health: { ms: [2, 3], unanswered: 0 }, read: { ms: [], unanswered: 2 } };
const SLOW_READS: Own = { health: { ms: [2, 3], unanswered: 0 }, read: { ms: [900, 800], unanswered: 0 } };
const STARVED: Own = { health: { ms: [372, 380, 360], unanswered: 0 }, read: { ms: [425, 430], unanswered: 0 } };
const DEAF: Own = { health: { ms: [], unanswered: 2 }, read: { ms: [], unanswered: 2 } };
const HOST = measured().host;

const slowDisk = (name: string): Follower => ({
  name,
  read: { ms: [4], unanswered: 0 },
  disk: times(100, 280),
});

const crowd = (share: number, atOnce = 30): Crowd => ({
  atOnce,
  oldestMs: 300,
  busiest: { name: "client c0ffee12", share, mount: "secret/", mountShare: 1, mountPerSecond: 800 },
});

type Case = {
  readonly name: string;
  readonly facts: LatencyFacts;
  readonly cause: string;
  readonly reason?: RegExp;
  readonly local?: boolean;
};

const CASES: readonly Case[] = [
  {
    name: "a cluster that does its work",
    facts: measured(),
    cause: "healthy",
    reason: /^a request took 5 ms on average of 200 in 5 s, of which audit 0[.]4; a commit 5 ms, our own read 4 ms$/u,
  },
  {
    name: "a cluster of which nobody asks anything",
    facts: measured({ requests: times(0, 0), commits: times(0, 0), audit: times(0, 0) }),
    cause: "healthy",
    reason: /^nobody asked anything within 5 s/u,
  },
  {
    name: "metrics that it may not read, and fast reads",
    facts: measured({}, { worked: "refused" }),
    cause: "healthy",
    reason: /the server's own metrics could not be read/u,
  },
  {
    name: "a busy cluster with one client that keeps up",
    facts: measured({}, { crowd: crowd(1) }),
    cause: "healthy",
  },
  {
    name: "a machine with little memory whose requests are fast",
    facts: measured({}, { host: { ...HOST, availableMemoryPercent: 2 } as LatencyFacts["host"] }),
    cause: "healthy",
  },
  {
    name: "audit that takes what requests take",
    facts: measured({
      requests: times(100, 495),
      audit: times(200, 240),
      slowestDevice: { name: "socket", spent: times(200, 235) },
    }),
    cause: "audit",
    reason: /^audit took 480 of 495 ms of a request; the device socket alone 470 ms$/u,
  },
  {
    name: "everything with a token hanging, metrics too, and health fast",
    facts: measured({}, { worked: "unanswered", own: HANGING, crowd: undefined, host: undefined }),
    cause: "audit",
    reason:
      /^sys\/health answered in 3 ms, but 2 of 2 authenticated reads did not within 2 s, and neither did its metrics/u,
    local: true,
  },
  {
    name: "everything with a token hanging on every node",
    facts: measured(
      {},
      {
        worked: "unanswered",
        own: HANGING,
        followers: [{ name: "vault-1", read: { ms: [], unanswered: 2 }, disk: undefined }],
      },
    ),
    cause: "audit",
    local: false,
  },
  {
    name: "reads hanging while the metrics, which need no token here, are read",
    facts: measured({ requests: times(0, 0) }, { own: HANGING }),
    cause: "audit",
    reason: /authenticated reads did not within 2 s: no request/u,
  },
  {
    name: "health itself without an answer, which no audit device explains",
    facts: measured({}, { worked: "unanswered", own: DEAF }),
    cause: "unknown",
    reason: /even sys\/health got no answer within 2 s/u,
  },
  {
    name: "the leader's own disk",
    facts: measured({
      requests: times(20, 320),
      writes: times(20, 310),
      commits: times(20, 300),
      disk: times(20, 280),
    }),
    cause: "storage",
    reason: /^a write took 300 ms until a majority had it, 280 of them on the leader's own disk$/u,
    local: true,
  },
  {
    name: "the disks of the followers",
    facts: measured(
      { requests: times(20, 320), writes: times(20, 310), commits: times(20, 300) },
      { followers: [slowDisk("vault-1"), slowDisk("vault-2")] },
    ),
    cause: "storage",
    reason: /a follower's disk takes 280 ms$/u,
    local: false,
  },
  {
    name: "the disks of all nodes",
    facts: measured(
      { requests: times(20, 320), writes: times(20, 310), commits: times(20, 300), disk: times(20, 280) },
      { followers: [slowDisk("vault-1"), slowDisk("vault-2")] },
    ),
    cause: "storage",
    local: false,
  },
  {
    name: "the way between the nodes, with all disks fast",
    facts: measured({
      requests: times(20, 140),
      writes: times(20, 130),
      commits: times(20, 125),
      replication: times(60, 122),
    }),
    cause: "network",
    reason: /^a write took 125 ms .* leader's disk only 2 ms and the followers' at most 2; .* took 122 ms$/u,
    local: false,
  },
  {
    name: "reads of the storage",
    facts: measured({ requests: times(100, 200), reads: times(300, 60) }),
    cause: "storage",
    reason: /^a read of the storage took 60 ms, 300 of them/u,
  },
  {
    name: "many leases more every second, although requests are still fast",
    facts: measured({ leases: { count: 20_000, perSecond: 300, queue: 0, revokedPerSecond: 0 } }),
    cause: "leases",
    reason: /^there are 20000 leases, 300 more every second, and 0 revocations wait$/u,
  },
  {
    name: "many leases fewer every second",
    facts: measured({ leases: { count: 20_000, perSecond: -300, queue: 9000, revokedPerSecond: 0 } }),
    cause: "leases",
    reason: /300 fewer every second, and 9000 revocations wait$/u,
  },
  {
    name: "a storm of leases from one client that makes the disk busy: the storm is named first",
    facts: measured(
      {
        requests: times(500, 150),
        writes: times(900, 80),
        commits: times(200, 80),
        disk: times(200, 60),
        leases: { count: 20_000, perSecond: 400, queue: 3000, revokedPerSecond: 0 },
      },
      { crowd: crowd(1) },
    ),
    cause: "leases",
  },
  {
    name: "one client that most requests are of",
    facts: measured({ requests: times(5000, 120) }, { crowd: crowd(0.8) }),
    cause: "client",
    reason:
      /^30 requests were served at a time, 80 % of them of client c0ffee12, most on secret\/, which answers 800 a second$/u,
  },
  {
    name: "one client that keeps the machine busy, although requests are still fast",
    facts: measured({}, { crowd: crowd(0.8), host: { ...HOST, busyPercent: 97 } as LatencyFacts["host"] }),
    cause: "client",
    reason: /; the machine is 97 % busy$/u,
  },
  {
    name: "one client that keeps the machine busy with requests so fast that few are served at a time",
    facts: measured(
      { requests: times(17_500, 1.1) },
      {
        crowd: crowd(0.95, 3.2),
        host: { ...HOST, busyPercent: 98 } as LatencyFacts["host"],
      },
    ),
    cause: "client",
    reason: /^3\.2 requests were served at a time, 95 % of them of client c0ffee12/u,
  },
  {
    name: "one client with as many requests, on a machine that has time for them",
    facts: measured({ requests: times(17_500, 1.1) }, { crowd: crowd(0.95, 3.2) }),
    cause: "healthy",
  },
  {
    name: "one client with few requests, on a machine that others keep busy",
    facts: measured(
      { requests: times(2500, 1.1) },
      {
        crowd: crowd(0.95, 3.2),
        host: { ...HOST, busyPercent: 98 } as LatencyFacts["host"],
      },
    ),
    cause: "healthy",
  },
  {
    name: "one client with so much to do for the machine that audit and storage wait for a processor: as long as sys/health does",
    facts: measured(
      { requests: times(633, 157), audit: times(633, 118), reads: times(700, 40) },
      { own: STARVED, crowd: crowd(0.91, 27), host: { ...HOST, busyPercent: 100 } as LatencyFacts["host"] },
    ),
    cause: "client",
    reason: /; the machine is 100 % busy$/u,
  },
  {
    name: "a machine without a free processor, and no client that asks most: no device is blamed",
    facts: measured(
      { requests: times(50, 300), audit: times(50, 200), reads: times(90, 60), commits: times(50, 300) },
      { own: STARVED, host: { ...HOST, busyPercent: 100 } as LatencyFacts["host"] },
    ),
    cause: "unknown",
    reason: /^even sys\/health took 372 ms, .* the machine \(100 % busy\)/u,
  },
  {
    name: "an audit device that is slow by itself, on a busy machine on which sys/health is fast",
    facts: measured(
      { requests: times(633, 157), audit: times(633, 118) },
      { host: { ...HOST, busyPercent: 100 } as LatencyFacts["host"] },
    ),
    cause: "audit",
  },
  {
    name: "one client whose requests only wait for the disk: the disk is named first",
    facts: measured(
      { requests: times(20, 320), writes: times(20, 310), commits: times(20, 300), disk: times(20, 280) },
      { crowd: crowd(1) },
    ),
    cause: "storage",
  },
  {
    name: "a crowd in which nobody has most",
    facts: measured({ requests: times(5000, 120) }, { crowd: crowd(0.3) }),
    cause: "unknown",
  },
  {
    name: "a seal that requests wait for",
    facts: measured({ requests: times(20, 400), seal: times(20, 350) }),
    cause: "kms",
    reason: /^the seal took 350 ms a call, 20 calls/u,
  },
  {
    name: "a seal that the node does not reach",
    facts: measured({ sealUnreachableMs: 61_000 }),
    cause: "kms",
    reason: /has not reached its seal for 61 s$/u,
  },
  {
    name: "a garbage collector that stops everything",
    facts: measured({ requests: times(100, 120), gcShare: 0.2, heapBytes: 9e9 }),
    cause: "memory",
    reason: /20 % of the time, with 9000 MB in use$/u,
  },
  {
    name: "a machine without memory whose own reads are slow",
    facts: measured({}, { own: SLOW_READS, host: { ...HOST, availableMemoryPercent: 2 } as LatencyFacts["host"] }),
    cause: "memory",
    local: true,
  },
  {
    name: "slow requests that no number explains",
    facts: measured({ requests: times(100, 700) }),
    cause: "unknown",
    reason: /none of these explains it/u,
    local: false,
  },
  {
    name: "slow health",
    facts: measured({}, { own: { health: { ms: [600], unanswered: 0 }, read: { ms: [620], unanswered: 0 } } }),
    cause: "unknown",
    reason: /even sys\/health took 600 ms/u,
    local: true,
  },
];

describe("the diagnosis of slow requests", () => {
  it.each(CASES)("is $cause for $name", ({ facts, cause, reason, local }) => {
    const diagnosis = diagnose(facts);

    expect(diagnosis.cause).toBe(cause);
    if (reason !== undefined) expect(diagnosis.reason).toMatch(reason);
    if (local !== undefined) expect(diagnosis.local).toBe(local);
  });

  it("ranks causes that compete, with what each explains", () => {
    const { causes } = diagnose(
      measured({
        requests: times(20, 1000),
        audit: times(40, 300),
        writes: times(20, 350),
        commits: times(20, 340),
        disk: times(20, 300),
      }),
    );

    expect(causes.map(({ cause, score }) => [cause, Math.round(score * 100)])).toEqual([
      ["audit", 60],
      ["storage", 35],
    ]);
  });

  it("calls nothing local when no other node can be compared", () => {
    expect(diagnose(measured({}, { worked: "unanswered", own: HANGING, followers: [] })).local).toBe(false);
  });

  it.each([0, 1, 2, 3])("judges the same facts the same, whatever their order (%i)", (turn) => {
    const own = { health: { ms: [2, 900, 3], unanswered: 0 }, read: { ms: [4, 5, 900], unanswered: 0 } };
    const turned = { ...own, read: { ...own.read, ms: [...own.read.ms.slice(turn), ...own.read.ms.slice(0, turn)] } };
    expect(diagnose(measured({}, { own: turned })).cause).toBe("healthy");
  });
});
