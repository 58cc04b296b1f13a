import { describe, expect, it } from "@jest/globals";
import { createSlackInsight, type SlackInsightOptions } from "../../src/app/slack-insight.ts";
import { systemTimers } from "../../src/app/system.ts";
import type { BackupState, BackupWatch } from "../../src/backup/watch.ts";
import type { Collector } from "../../src/exporter/collector.ts";
import { raft } from "../../src/exporter/collectors/raft.ts";
import { createCollectors } from "../../src/exporter/registry.ts";
import type { Failure } from "../../src/lib/failure.ts";
import { Runbook } from "../../src/runbook/schema.ts";
import type { ListedRun, RunFilter } from "../../src/runner/ports.ts";
import type { SimulatedCluster } from "../../src/sandbox/vault/simulated-cluster.ts";
import { startSimulatedCluster } from "../../src/sandbox/vault/start-simulated-cluster.ts";
import type { Insight } from "../../src/slack/insight.ts";
import type { VaultCluster } from "../../src/vault/cluster.ts";
import { createVaultCluster } from "../../src/vault/create-cluster.ts";
import { recordingLogger } from "./recording-logger.ts";

const TOKEN = "s.CANARY-insight-0001";
const NOW = Date.UTC(2026, 10, 22, 3, 4);
const HOUR = 3_600_000;

type World = AsyncDisposable & { readonly server: SimulatedCluster; readonly cluster: VaultCluster };

async function openWorld(): Promise<World> {
  const server = await startSimulatedCluster({ clock: { now: () => Date.now() } });
  const collectors = createCollectors({ backups: [] });
  server.policy(
    TOKEN,
    collectors.flatMap(({ policy }) => policy),
  );
  const cluster = createVaultCluster(
    { name: "prod", product: "auto", clusterId: undefined, nodes: [...server.nodes], tls: {}, token: { env: "TOKEN" } },
    { identityMemory: { load: () => undefined, save: () => {} }, env: { TOKEN } },
  );
  const close = async (): Promise<void> => {
    await cluster.close();
    await server.close();
  };
  return { server, cluster, [Symbol.asyncDispose]: close };
}

type Change = Partial<SlackInsightOptions>;

function insightOf(cluster: VaultCluster | undefined, change: Change = {}): Insight {
  return createSlackInsight({
    clusters: cluster === undefined ? [] : [cluster],
    backups: [],
    collectors: createCollectors({ backups: [] }),
    isOn: () => false,
    runs: { summaries: async () => await Promise.resolve([]) },
    catalog: () => new Map(),
    clock: { now: () => NOW },
    timers: systemTimers,
    logger: recordingLogger().logger,
    ...change,
  });
}

/** Timers that a test lets end by hand. */
function handTimers() {
  const begun: { readonly milliseconds: number; readonly callback: () => void }[] = [];
  return {
    timers: {
      after: (milliseconds: number, callback: () => void) => {
        begun.push({ milliseconds, callback });
        return () => {};
      },
    },
    pass: (milliseconds: number): void => {
      for (const each of begun) if (each.milliseconds <= milliseconds) each.callback();
    },
    begun,
  };
}

describe("insight into a cluster", () => {
  it("tells the state of every node, the seal, the version and the margin, as the exporter judges them", async () => {
    await using world = await openWorld();
    const [, , last] = world.server.nodes;
    world.server.seal(last?.name ?? "");
    const facts = await insightOf(world.cluster).cluster("prod");
    const leader = world.server.leader();
    expect(facts).toMatchObject({ cluster: "prod", at: NOW, sealType: "shamir", margin: 0 });
    expect(facts?.nodes.map(({ name, state }) => [name, state])).toEqual(
      world.server.nodes.map(({ name }) => [
        name,
        name === last?.name ? "sealed" : name === leader ? "active" : "standby",
      ]),
    );
    expect(facts?.nodes[2]?.progress).toEqual({ entered: 0, threshold: expect.any(Number) });
    for (const { version } of facts?.nodes ?? []) expect(version).toMatch(/^\d+\.\d+/u);
  });

  it("tells the nodes, and no margin, when the token may not read raft", async () => {
    await using world = await openWorld();
    world.server.policy(TOKEN, []);
    const facts = await insightOf(world.cluster).cluster("prod");
    expect(facts?.margin).toBeUndefined();
    expect(facts?.nodes.map(({ state }) => state).sort()).toEqual(["active", "standby", "standby"]);
  });

  it("tells apart a node that is unreachable and one that knows no leader", async () => {
    await using world = await openWorld();
    const [first, second, third] = world.server.nodes;
    await world.server.stop(first?.name ?? "");
    world.server.seal(second?.name ?? "");
    const nodes = world.cluster.nodes.map((node) => ({
      ...node,
      leader: async () => ({ ...(await node.leader()), isSelf: false, leaderAddress: "" }),
    }));
    const facts = await insightOf({ ...world.cluster, nodes }).cluster("prod");
    expect(facts?.nodes.map(({ name, state }) => [name, state])).toEqual([
      [first?.name, "unreachable"],
      [second?.name, "sealed"],
      [third?.name, "no-leader"],
    ]);
    expect(facts?.margin).toBeUndefined();
  });

  it("looks once for everybody who asks within five seconds, and again after them", async () => {
    await using world = await openWorld();
    let now = NOW;
    const insight = insightOf(world.cluster, { clock: { now: () => now } });
    const both = await Promise.all([insight.cluster("prod"), insight.cluster("prod")]);
    expect(both[0]).toBe(both[1]);
    const { length } = world.server.calls;
    now += 4999;
    await insight.cluster("prod");
    expect(world.server.calls).toHaveLength(length);
    now += 1;
    await insight.cluster("prod");
    expect(world.server.calls.length).toBeGreaterThan(length);
  });

  it("looks again when the clock was set back", async () => {
    await using world = await openWorld();
    let now = NOW;
    const insight = insightOf(world.cluster, { clock: { now: () => now } });
    await insight.cluster("prod");
    now -= HOUR;
    expect(await insight.cluster("prod")).toMatchObject({ at: NOW - HOUR });
  });

  it("gives what it found when the time is over, although a node hangs", async () => {
    await using world = await openWorld();
    const { timers, pass, begun } = handTimers();
    const standby = world.server.nodes.find(({ name }) => name !== world.server.leader());
    world.server.freeze(standby?.name ?? "");
    const looking = insightOf(world.cluster, { timers }).cluster("prod");
    while (world.server.calls.length < 9) await new Promise((resolve) => setImmediate(resolve));
    expect(begun.map(({ milliseconds }) => milliseconds)).toEqual([2500, 2900]);
    pass(2500);
    const facts = await looking;
    expect(facts?.nodes.find(({ name }) => name === standby?.name)?.state).toBe("unreachable");
    expect(facts?.nodes.filter(({ state }) => state === "active")).toHaveLength(1);
    world.server.thaw(standby?.name ?? "");
  });

  it("gives nothing after 2.9 seconds when a call heeds no signal", async () => {
    await using world = await openWorld();
    const { timers, pass } = handTimers();
    const hangs = async (): Promise<never> => await new Promise(() => {});
    const nodes = world.cluster.nodes.map((node) => ({ ...node, health: hangs, sealStatus: hangs }));
    const looking = insightOf({ ...world.cluster, nodes }, { timers }).cluster("prod");
    pass(2900);
    expect(await looking).toBeUndefined();
  });

  it("knows nothing of a cluster that nobody configured", async () => {
    const insight = insightOf(undefined);
    expect(await insight.cluster("prod")).toBeUndefined();
    expect(await insight.leases("prod")).toMatchObject({ total: undefined, why: "no such cluster is configured" });
  });

  it("logs and gives nothing when a read throws, and never rejects", async () => {
    const { logger, entries } = recordingLogger();
    const broken = { name: "prod" } as unknown as VaultCluster;
    expect(await insightOf(broken, { logger }).cluster("prod")).toBeUndefined();
    expect(JSON.stringify(entries)).toContain("cannot read what the bot shows");
  });
});

describe("insight into leases", () => {
  const IDS = ["database/creds/app/h1", "database/creds/app/h2", "auth/userpass/login/bob/h1"];

  it("tells how many there are and how many are stuck, and why none is counted by mount", async () => {
    await using world = await openWorld();
    world.server.setLeases({ total: 3, irrevocable: { "database/": 2 }, ids: IDS });
    const facts = await insightOf(world.cluster).leases("prod");
    expect(facts).toMatchObject({
      total: 3,
      irrevocable: 2,
      byMount: [],
      why: expect.stringContaining("name lease-walk among"),
    });
  });

  it("tells the largest ten mounts and when they were counted, from what the collector found", async () => {
    await using world = await openWorld();
    const samples = Array.from({ length: 12 }, (_, index) => ({
      labels: { mount: `m${index}/` },
      value: 100 - index,
    }));
    const family = { help: "", type: "gauge" as const };
    const walked: Collector = {
      ...raft,
      name: "lease-walk",
      collect: async () =>
        await Promise.resolve([
          { ...family, name: "sealwatch_lease_walk_leases", samples },
          {
            ...family,
            name: "sealwatch_lease_walk_last_success_timestamp_seconds",
            samples: [{ value: NOW / 1000 - 60 }],
          },
        ]),
    };
    const facts = await insightOf(world.cluster, { collectors: [walked], isOn: () => true }).leases("prod");
    expect(facts.byMount).toHaveLength(10);
    expect(facts.byMount[0]).toEqual({ mount: "m0/", count: 100 });
    expect(facts).toMatchObject({ at: NOW - 60_000, why: undefined });
  });

  it("says that another replica walks, where one may", async () => {
    await using world = await openWorld();
    const facts = await insightOf(world.cluster, { isOn: () => true }).leases("prod");
    expect(facts.why).toContain("another replica walks");
  });

  it("says what the token lacks", async () => {
    await using world = await openWorld();
    world.server.policy(TOKEN, []);
    const facts = await insightOf(world.cluster).leases("prod");
    expect(facts).toMatchObject({ total: undefined, irrevocable: undefined });
    expect(facts.why).toMatch(/cannot read .* on /u);
    expect(facts.why).not.toContain(TOKEN);
  });
});

describe("insight into backups", () => {
  const EMPTY: BackupState = {
    listing: undefined,
    failure: undefined,
    listedAt: undefined,
    durationMs: undefined,
    failures: 0,
  };
  const listing = (ageMs: number | undefined): BackupState => ({
    ...EMPTY,
    listedAt: NOW - 1000,
    durationMs: 5,
    listing: {
      objects: ageMs === undefined ? 0 : 1,
      partialObjects: 0,
      newest: ageMs === undefined ? undefined : { name: "a.snap", modifiedMs: NOW - ageMs, sizeBytes: 4096 },
      previous: undefined,
      pointerCurrent: undefined,
    },
  });
  const failure: Failure = { reason: "denied", retryable: false, message: "cannot list bucket b: denied" };

  it.each([
    { name: "fresh, up to two intervals", state: listing(48 * HOUR), expected: "fresh", why: undefined },
    { name: "stale after them, as the alert has it", state: listing(48 * HOUR + 1), expected: "stale", why: undefined },
    { name: "missing where there is none", state: listing(undefined), expected: "missing", why: undefined },
    {
      name: "unknown when the listing failed, with the reason",
      state: { ...EMPTY, failure, durationMs: 5 },
      expected: "unknown",
      why: "cannot list bucket b: denied",
    },
    {
      name: "unknown before the first listing",
      state: EMPTY,
      expected: "unknown",
      why: expect.stringContaining("not listed yet"),
    },
  ])("are $name", async ({ state, expected, why }) => {
    const watch: BackupWatch = {
      cluster: "prod",
      destination: "nightly",
      intervalMs: 24 * HOUR,
      state: () => state,
      start: () => {},
      stop: async () => {},
    };
    const [facts] = await insightOf(undefined, { backups: [watch] }).backups();
    expect(facts).toMatchObject({ cluster: "prod", name: "nightly", maxAgeMs: 48 * HOUR, state: expected });
    expect(facts?.why).toEqual(why);
  });
});

describe("insight into drills", () => {
  const DAY = 24 * HOUR;
  const runbook = (id: string, drillEvery?: string): Runbook =>
    Runbook.parse({
      id,
      title: id,
      meaning: "m",
      impact: "i",
      verify: "v",
      escalate: "e",
      inputs: {},
      steps: [{ id: "say", say: "hello" }],
      ...(drillEvery === undefined ? {} : { drillEvery }),
    });
  const books = [runbook("often", "30d"), runbook("never", "90d"), runbook("free"), runbook("old", "10d")];
  const catalog = (): ReadonlyMap<string, { readonly runbook: Runbook }> =>
    new Map(books.map((book) => [book.id, { runbook: book }]));
  const past = (ended: number, change: Partial<ListedRun["summary"]> = {}): ListedRun => ({
    id: `R${ended}`,
    version: 3,
    summary: {
      runbook: "often",
      cluster: "prod",
      state: "resolved",
      phase: "finished",
      startedAt: ended - 1000,
      startedBy: "alice",
      finishedAt: ended,
      drill: true,
      driver: "here",
      ...change,
    },
  });

  it("are due after the last one that was resolved; never practised comes first, and real runs do not count", async () => {
    const summaries = async ({ runbook: id }: RunFilter): Promise<readonly ListedRun[]> => {
      if (id === "often")
        return await Promise.resolve([
          past(NOW, { drill: false }),
          past(NOW - 1, { state: "failed" }),
          past(NOW - 5 * DAY),
          past(NOW - 9 * DAY),
        ]);
      return id === "old" ? [past(NOW - 40 * DAY)] : [];
    };
    const drills = await insightOf(undefined, { catalog, runs: { summaries } }).drills();
    expect(drills).toEqual([
      { runbook: "never", title: "never", everyMs: 90 * DAY, lastAt: undefined, dueAt: undefined },
      { runbook: "old", title: "old", everyMs: 10 * DAY, lastAt: NOW - 40 * DAY, dueAt: NOW - 30 * DAY },
      { runbook: "often", title: "often", everyMs: 30 * DAY, lastAt: NOW - 5 * DAY, dueAt: NOW + 25 * DAY },
    ]);
  });

  it("are not told while the store does not answer", async () => {
    const summaries = async (): Promise<never> => await Promise.reject(new Error("the store is away"));
    expect(await insightOf(undefined, { catalog, runs: { summaries } }).drills()).toEqual([]);
  });
});
