import { describe, expect, it } from "@jest/globals";
import { walkLeases, type Walk, type WalkOptions } from "../../../src/exporter/lease-walk/walk-leases.ts";
import { FailureError } from "../../../src/lib/failure.ts";
import type { VaultNode } from "../../../src/vault/cluster.ts";
import { createManualTime, T0 } from "../../runner/manual-time.ts";
import type { FakeCluster } from "../fake-cluster.ts";
import { clusterWith, impatient, listed, MOUNTS, nodeWith } from "./watched-cluster.ts";

const LIMITS = { requestsPerSecond: 100, maxRequests: 100, maxDepth: 4, maxLatency: 3 };

const LEASES = {
  "database/creds/app/": 5,
  "database/creds/batch/": 7,
  "auth/token/create/": 2,
  "auth/userpass/login/alice/": 3,
  "auth/userpass/login/bob/": 1,
};

async function walk(cluster: FakeCluster, changes: Partial<WalkOptions> = {}): Promise<Walk> {
  return await walkLeases({
    node: nodeWith(cluster),
    mounts: MOUNTS,
    limits: LIMITS,
    clock: { now: () => T0 },
    timers: impatient,
    signal: new AbortController().signal,
    ...changes,
  });
}

const leasesOf = ({ mounts }: Walk) => Object.fromEntries([...mounts].map(([mount, { leases }]) => [mount, leases]));

describe("walkLeases", () => {
  it("counts the leases of every mount, auth methods one level deeper, and an empty mount as 0", async () => {
    const walked = await walk(clusterWith(LEASES));

    expect(walked).toMatchObject({ shortfall: undefined, requests: 11 });
    expect(leasesOf(walked)).toEqual({ "database/": 12, "secret/": 0, "auth/token/": 2, "auth/userpass/": 4 });
    expect([...walked.mounts.values()].map(({ wholeAt }) => wholeAt)).toEqual([T0, T0, T0, T0]);
  });

  it("asks one node for nothing but lists below the mounts, each once", async () => {
    const cluster = clusterWith(LEASES);

    await walk(cluster);

    expect(new Set(cluster.calls.map(({ node }) => node))).toEqual(new Set(["vault-0"]));
    expect(cluster.calls.every(({ capabilities }) => capabilities.join() === "list,sudo")).toBe(true);
    expect(new Set(listed(cluster)).size).toBe(listed(cluster).length);
    expect(listed(cluster).slice(0, 4)).toEqual([
      "database/",
      "database/creds/",
      "database/creds/batch/",
      "database/creds/app/",
    ]);
  });

  it("reaches prefixes whose names mean something in a URL", async () => {
    const cluster = clusterWith(
      {},
      {
        "sys/leases/lookup/database/?list=true": { data: { keys: ["a b?c#d%/"] } },
        "sys/leases/lookup/database/a%20b%3Fc%23d%25/?list=true": { data: { keys: ["h1", "h2"] } },
      },
    );

    expect(leasesOf(await walk(cluster))).toMatchObject({ "database/": 2 });
  });

  it("never follows a prefix out of the leases", async () => {
    const cluster = clusterWith({}, { "sys/leases/lookup/database/?list=true": { data: { keys: ["../"] } } });

    expect(await walk(cluster)).toMatchObject({ shortfall: { reason: "refused" }, requests: 2 });
    expect(listed(cluster)).toEqual(["database/"]);
  });
});

describe("a walk that may cost only so much", () => {
  it.each([1, 3, 4, 10])(
    "ends after %d lists, with what it counted until then as at least so many",
    async (maxRequests) => {
      const cluster = clusterWith(LEASES);

      const walked = await walk(cluster, { limits: { ...LIMITS, maxRequests } });

      expect(walked).toMatchObject({ shortfall: "max-requests", requests: maxRequests });
      expect(listed(cluster)).toHaveLength(maxRequests);
      expect(walked.mounts.get("auth/userpass/")?.wholeAt).toBeUndefined();
    },
  );

  it("is complete when the last list that it may ask for is the last that there is", async () => {
    const walked = await walk(clusterWith(LEASES), { limits: { ...LIMITS, maxRequests: 11 } });

    expect(walked).toMatchObject({ shortfall: undefined, requests: 11 });
  });

  it("says that it was not complete when one list has more prefixes than it may ask for", async () => {
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, user) => [`database/creds/r${user}/`, 1]));

    const walked = await walk(clusterWith(many), { limits: { ...LIMITS, maxRequests: 10 } });

    expect(walked).toMatchObject({ shortfall: "max-requests", requests: 10 });
    expect(walked.mounts.get("database/")).toEqual({ leases: 8, wholeAt: undefined });
  });

  it("counts the other mounts when one is deeper than it may go", async () => {
    const walked = await walk(clusterWith({ ...LEASES, "database/a/b/c/d/": 9 }), { limits: LIMITS });

    expect(walked.shortfall).toBe("max-depth");
    expect(walked.mounts.get("database/")).toEqual({ leases: 12, wholeAt: undefined });
    expect(walked.mounts.get("auth/userpass/")).toEqual({ leases: 4, wholeAt: T0 });
  });

  it("asks for no more lists a second than it may", async () => {
    const time = createManualTime();
    const cluster = clusterWith(LEASES);
    const counts: number[] = [];

    const walking = walk(cluster, { ...time, limits: { ...LIMITS, requestsPerSecond: 4 } });
    await time.advance(0);
    for (let second = 0; second < 4; second++) {
      await time.advance(999);
      counts.push(listed(cluster).length);
      await time.advance(1);
    }

    expect(counts).toEqual([4, 8, 11, 11]);
    expect((await walking).shortfall).toBeUndefined();
  });
});

describe("a walk that meets trouble", () => {
  it("asks how the node is after every list that is slow, and of fast ones every tenth of a second and at each mount's end", async () => {
    for (const { listMs, asked } of [
      { listMs: 100, asked: 11 },
      { listMs: 40, asked: 4 + 2 },
    ]) {
      const cluster = clusterWith(LEASES);
      const { node, clock, healths } = slowAfter(cluster, 5, [0], listMs);
      await walk(cluster, { node, clock });
      expect(healths()).toBe(5 + asked);
    }
  });

  it("ends when the node answers several times as slowly as before", async () => {
    const cluster = clusterWith(LEASES);
    const { node, clock } = slowAfter(cluster, 5, [100, 301, 301, 301]);

    const walked = await walk(cluster, { node, clock });

    expect(walked).toMatchObject({ shortfall: "slow", requests: 1 });
    expect(walked.mounts.get("database/")?.wholeAt).toBeUndefined();
  });

  it.each([
    { name: "a single slow answer, which may be our own pause", took: [100, 5000, 5000, 100] },
    { name: "answers not quite so slow", took: [100, 300, 300, 300] },
    { name: "answers that are fast by any measure, however fast they were before", took: [0, 50, 50, 50] },
  ])("goes on after $name", async ({ took }) => {
    const cluster = clusterWith(LEASES);
    const { node, clock } = slowAfter(cluster, 5, took);

    expect(await walk(cluster, { node, clock })).toMatchObject({ shortfall: undefined });
  });

  it.each([
    { name: "lost leadership", says: { standby: true } },
    { name: "was sealed", says: { sealed: true } },
  ])(
    "ends when the node $name, and does not call the mount counted whose list it may not have given as leader",
    async ({ says }) => {
      const cluster = clusterWith(LEASES);
      const { health } = nodeWith(cluster);
      const node = nodeWith(cluster, {
        health: async (options) => ({ ...(await health(options)), ...(listed(cluster).length >= 4 ? says : {}) }),
      });

      const walked = await walk(cluster, { node });

      expect(walked).toMatchObject({ shortfall: "standby", requests: 4 });
      expect(walked.mounts.get("database/")).toEqual({ leases: 12, wholeAt: undefined });
    },
  );

  it.each(["denied", "rate-limited", "server-error", "sealed", "timeout"])(
    "ends at the first list that fails: %s",
    async (reason) => {
      const cluster = clusterWith(LEASES, { "sys/leases/lookup/auth/token/?list=true": reason });

      const walked = await walk(cluster);

      expect(walked).toMatchObject({ shortfall: { reason }, requests: 6 });
      expect(leasesOf(walked)).toEqual({ "database/": 12, "secret/": 0, "auth/token/": 0, "auth/userpass/": 0 });
    },
  );

  it("does not begin when the node does not even say how it is", async () => {
    const cluster = clusterWith(LEASES);
    const failure = new FailureError({ reason: "unreachable", retryable: true, message: "nobody there" });
    const node = nodeWith(cluster, { health: async () => await Promise.reject(failure) });

    expect(await walk(cluster, { node })).toMatchObject({ shortfall: { reason: "unreachable" }, requests: 0 });
    expect(listed(cluster)).toEqual([]);
  });

  it("ends at once when nobody wants it any more, even while it waits for its pace", async () => {
    const time = createManualTime();
    const cluster = clusterWith(LEASES);
    const ending = new AbortController();

    const walking = walk(cluster, { ...time, signal: ending.signal, limits: { ...LIMITS, requestsPerSecond: 0.001 } });
    await time.advance(1);
    expect(listed(cluster)).toEqual(["database/"]);
    ending.abort();

    expect((await walking).shortfall).toBeDefined();
    expect(time.pending()).toBe(0);
  });
});

/** A node whose lists take `listMs` and whose `sys/health` takes so long: the first so many times `took[0]`, then one after the other the rest, then `took[0]` again. */
function slowAfter(cluster: FakeCluster, answers: number, [usual = 0, ...later]: readonly number[], listMs = 100) {
  let now = T0;
  let asked = 0;
  const { health, stream } = nodeWith(cluster);
  const node: VaultNode = nodeWith(cluster, {
    stream: async (...call) => {
      now += listMs;
      return await stream(...call);
    },
    health: async (options) => {
      now += later[asked++ - answers] ?? usual;
      return await health(options);
    },
  });
  return { node, clock: { now: () => now }, healths: () => asked };
}
