import { describe, expect, it } from "@jest/globals";
import { createLeaseWalker, type LeaseWalker } from "../../../src/exporter/lease-walk/lease-walker.ts";
import { LOCK_TTL_MS } from "../../../src/lib/hold-lock.ts";
import type { TimedLock } from "../../../src/lib/timed-lock.ts";
import { createMemoryStore } from "../../../src/store/memory.ts";
import type { VaultCluster } from "../../../src/vault/cluster.ts";
import { recordingLogger } from "../../app/recording-logger.ts";
import { createManualTime, type ManualTime } from "../../runner/manual-time.ts";
import { fakeCluster } from "../fake-cluster.ts";
import { clusterWith, listed, MOUNTS } from "./watched-cluster.ts";

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const settings = { interval: HOUR_MS, requestsPerSecond: 100, maxRequests: 100, maxDepth: 4, maxLatency: 3 };

type World = { readonly time: ManualTime; readonly lock: TimedLock };

const world = (): World => ({ time: createManualTime(), lock: createMemoryStore().timedLock });

function walkerOf({ time, lock }: World, cluster: VaultCluster): LeaseWalker {
  return createLeaseWalker({ ...time, cluster, lock, settings });
}

describe("createLeaseWalker", () => {
  it("walks a minute after the start and then once an interval, and keeps what it found between walks", async () => {
    const { time, lock } = world();
    const cluster = clusterWith({ "database/creds/app/": 5 });
    const walker = walkerOf({ time, lock }, cluster);
    walker.start();

    await time.advance(MINUTE_MS - 1);
    expect(walker.view()).toMatchObject({ walker: false, last: undefined });
    await time.advance(1000);
    expect(walker.view()).toMatchObject({ walker: true, last: { requests: 6, shortfall: undefined } });
    expect(walker.view().tally.get("database/")?.leases).toBe(5);

    const first = listed(cluster).length;
    await time.advance(HOUR_MS - 1000);
    expect(listed(cluster)).toHaveLength(first);
    await time.advance(2000);
    expect(listed(cluster)).toHaveLength(2 * first);
    await walker.stop();
    expect(time.pending()).toBe(0);
  });

  it("counts the largest mount last, so that the others are counted when it is stopped there", async () => {
    const { time, lock } = world();
    const cluster = clusterWith({ "database/creds/app/": 50, "auth/token/create/": 3, "auth/userpass/login/bob/": 4 });
    const walker = walkerOf({ time, lock }, cluster);
    walker.start();
    await time.advance(2 * MINUTE_MS);
    const first = listed(cluster).filter((prefix) => MOUNTS.includes(prefix));

    await time.advance(HOUR_MS);

    const second = listed(cluster)
      .filter((prefix) => MOUNTS.includes(prefix))
      .slice(first.length);
    expect(second).toEqual(["secret/", "auth/token/", "auth/userpass/", "database/"]);
    await walker.stop();
  });

  it("does not walk each time in a program that crashes and is started again and again", async () => {
    const { time, lock } = world();
    const cluster = clusterWith({ "database/creds/app/": 5 });
    const lists: number[] = [];
    for (let life = 0; life < 30; life++) {
      const walker = walkerOf({ time, lock }, cluster);
      walker.start();
      await time.advance(2 * MINUTE_MS - 1);
      await walker.stop();
      lists.push(listed(cluster).length);
    }

    expect(new Set(lists.slice(0, 30)).size).toBe(1);
    const walker = walkerOf({ time, lock }, cluster);
    walker.start();
    await time.advance(5 * MINUTE_MS);
    expect(listed(cluster)).toHaveLength(2 * (lists[0] ?? 0));
    await walker.stop();
  });

  it("tries again after a minute when nobody leads, and says why", async () => {
    const { time, lock } = world();
    const walker = walkerOf({ time, lock }, fakeCluster({ nodes: [{ name: "vault-0", state: "standby" }] }));
    walker.start();

    await time.advance(MINUTE_MS);
    expect(walker.view().last).toMatchObject({ requests: 0, shortfall: { reason: "no-leader" } });
    expect(walker.view().succeededAt).toBeUndefined();
    const before = time.clock.now();
    await time.advance(MINUTE_MS);

    expect(time.clock.now() - before).toBe(MINUTE_MS);
    await walker.stop();
  });

  it("sends the token to no stranger that calls itself active", async () => {
    const { time, lock } = world();
    const stranger = { name: "vault-1", state: "active" as const, health: { clusterId: "another" } };
    const cluster = fakeCluster({
      nodes: [{ name: "vault-0", state: "standby" }, stranger, { name: "vault-2", state: "standby" }],
    });
    const walker = walkerOf({ time, lock }, cluster);
    walker.start();

    await time.advance(MINUTE_MS);

    expect(walker.view().last).toMatchObject({ shortfall: { reason: "wrong-cluster" } });
    expect(cluster.calls).toEqual([]);
    await walker.stop();
  });

  it("says in the log how each walk ended, once", async () => {
    const { time, lock } = world();
    const { logger, entries } = recordingLogger();
    const cluster = clusterWith({}, { "sys/leases/lookup/database/?list=true": "denied" });
    const walker = createLeaseWalker({ ...time, cluster, lock, settings, logger });
    walker.start();

    await time.advance(2 * MINUTE_MS);

    await walker.stop();

    expect(entries).toEqual([
      ["warn", "not all leases counted", expect.objectContaining({ vault_cluster: "prod", reason: "denied" })],
    ]);
  });
});

describe("several replicas", () => {
  it("have one walker, and the next as soon as it stops, which walks when the interval is over", async () => {
    const { time, lock } = world();
    const cluster = clusterWith({ "database/creds/app/": 5 });
    const [first, second] = [walkerOf({ time, lock }, cluster), walkerOf({ time, lock }, cluster)];
    first.start();
    second.start();

    await time.advance(2 * HOUR_MS);
    expect([first.view().walker, second.view().walker]).toEqual([true, false]);
    expect(second.view().tally.size).toBe(0);

    await first.stop();
    await time.advance(LOCK_TTL_MS);
    expect([first.view().walker, second.view().walker]).toEqual([false, true]);
    expect(first.view().tally.size).toBe(0);
    expect(second.view().tally.size).toBe(0);
    await time.advance(HOUR_MS);
    expect(second.view().tally.get("database/")?.leases).toBe(5);
    await second.stop();
  });

  it("have another walker after one that was lost without a word, within twice the lock's life", async () => {
    const { time, lock } = world();
    const cluster = clusterWith({});
    await lock.acquire("lease-walk/prod", { at: time.clock.now() + MINUTE_MS - 1, ttlMs: LOCK_TTL_MS });
    const walker = walkerOf({ time, lock }, cluster);
    walker.start();

    await time.advance(MINUTE_MS);
    expect(walker.view().walker).toBe(false);
    await time.advance(LOCK_TTL_MS);

    expect(walker.view().walker).toBe(true);
    await walker.stop();
  });

  it("forget what they knew when another took over while they were stopped", async () => {
    const { time, lock } = world();
    const cluster = clusterWith({ "database/creds/app/": 5 });
    const walker = walkerOf({ time, lock }, cluster);
    walker.start();
    await time.advance(2 * MINUTE_MS);
    expect(walker.view().tally.size).not.toBe(0);

    await lock.acquire("lease-walk/prod", { at: time.clock.now() + LOCK_TTL_MS, ttlMs: 2 * LOCK_TTL_MS });
    await time.leap(LOCK_TTL_MS);

    expect(walker.view()).toMatchObject({ walker: false, last: undefined });
    expect(walker.view().tally.size).toBe(0);
    await walker.stop();
  });

  it("do not walk while the store cannot say who walks", async () => {
    const { time, lock } = world();
    const cluster = clusterWith({});
    let away = true;
    const acquire: TimedLock["acquire"] = async (name, at) => {
      if (away) throw new Error("the store is away");
      return await lock.acquire(name, at);
    };
    const walker = walkerOf({ time, lock: { ...lock, acquire } }, cluster);
    walker.start();

    await time.advance(HOUR_MS);
    expect(cluster.calls).toEqual([]);
    away = false;
    await time.advance(2 * LOCK_TTL_MS);

    expect(walker.view().walker).toBe(true);
    await walker.stop();
  });
});
