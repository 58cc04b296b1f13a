import { setImmediate as immediately } from "node:timers/promises";
import { describe, expect, it } from "@jest/globals";
import { collect } from "../../src/exporter/collect.ts";
import type { Collector } from "../../src/exporter/collector.ts";
import { gauge, withValue } from "../../src/exporter/family.ts";
import { FailureError } from "../../src/lib/failure.ts";
import { fakeCluster } from "./fake-cluster.ts";
import { clock, scrape } from "./scrape.ts";

const family = gauge("sealwatch_something", "Something.");
const cluster = fakeCluster({ nodes: [{ name: "vault-0", state: "active" }] });

const collector = (name: string, run: Collector["collect"]): Collector => ({
  name,
  help: "A collector of this test.",
  families: [family],
  policy: [],
  collect: run,
});

const good = collector("good", async () => [withValue(family, 1)]);
const denied = new FailureError({ reason: "denied", message: "cannot read it", retryable: false });

describe("collect", () => {
  it("keeps what the others gave when a collector rejects", async () => {
    const bad = collector("bad", () => Promise.reject(denied));

    expect(await scrape(cluster, [bad, good])).toMatchObject([
      { cluster: "prod", collector: "bad", families: [], failure: { reason: "denied", message: "cannot read it" } },
      { cluster: "prod", collector: "good", families: [withValue(family, 1)], failure: undefined },
    ]);
  });

  it("keeps what the others gave when a collector throws before it waits for anything", async () => {
    const bad = collector("bad", () => {
      throw new TypeError("a bug");
    });

    expect(await scrape(cluster, [bad, good])).toMatchObject([
      { collector: "bad", failure: { reason: "server-error", message: "a bug" } },
      { collector: "good", failure: undefined },
    ]);
  });

  it("keeps what the others gave when a collector never ends, whatever it does with its signal", async () => {
    const deadline = new AbortController();
    const deaf = collector("deaf", () => new Promise(() => {}));
    const last = collector("last", async () => {
      await immediately();
      deadline.abort();
      return [];
    });

    expect(await scrape(cluster, [deaf, good, last], { signal: deadline.signal })).toMatchObject([
      {
        collector: "deaf",
        failure: { reason: "timeout", message: "cannot finish collector deaf on prod: there was no time left" },
      },
      { collector: "good", failure: undefined },
      { collector: "last" },
    ]);
  });

  it("keeps the families of a collector that noted a failure of a part", async () => {
    const partial = collector("partial", async ({ note }) => {
      note(denied);
      return [withValue(family, 1)];
    });

    expect(await scrape(cluster, [partial])).toMatchObject([
      { families: [withValue(family, 1)], failure: { reason: "denied" } },
    ]);
  });

  it("expects nothing that needs a token of a disaster recovery secondary, which is well and takes none", async () => {
    const policy = [{ path: "sys/metrics", capabilities: ["read" as const] }];
    const reader: Collector = { ...collector("reader", () => Promise.reject(denied)), policy };
    const tokenFree = collector("token-free", () => Promise.reject(denied));
    const secondary = fakeCluster({ nodes: [{ name: "vault-0", state: "active", health: { statusCode: 472 } }] });

    expect(await scrape(secondary, [reader, tokenFree, good])).toMatchObject([
      { collector: "reader", families: [], failure: undefined },
      { collector: "token-free", failure: { reason: "denied" } },
      { collector: "good", families: [withValue(family, 1)] },
    ]);
  });

  it("runs every collector on every cluster at the same time", async () => {
    const clusters = ["a", "b"].map((name) => fakeCluster({ name, nodes: [] }));
    const running = new Set<string>();
    const { promise: all, resolve } = Promise.withResolvers<void>();
    const meeting = (name: string): Collector =>
      collector(name, async ({ cluster: { name: where } }) => {
        running.add(`${where}/${name}`);
        if (running.size === 4) resolve();
        await all;
        return [];
      });

    const outcomes = await collect({
      clusters,
      collectors: [meeting("one"), meeting("two")],
      clock,
      signal: new AbortController().signal,
      timeoutMs: 100,
    });

    expect(outcomes.map((outcome) => `${outcome.cluster}/${outcome.collector}`)).toEqual([
      "a/one",
      "a/two",
      "b/one",
      "b/two",
    ]);
  });

  it("asks the nodes once a scrape, so that two collectors never contradict each other", async () => {
    let asked = 0;
    const counted = {
      ...cluster,
      nodes: cluster.nodes.map((node) => ({
        ...node,
        sealStatus: (options: Parameters<typeof node.sealStatus>[0]) => {
          asked += 1;
          return node.sealStatus(options);
        },
      })),
    };
    const probing = (name: string): Collector =>
      collector(name, async ({ probes }) => {
        await probes();
        return [];
      });

    await scrape(counted, [probing("one"), probing("two")]);

    expect(asked).toBe(1);
  });

  it("measures how long a collector took by the clock that it was given", async () => {
    let now = 1000;
    const slow = collector("slow", async () => {
      now += 250;
      return [];
    });

    const [outcome] = await collect({
      clusters: [cluster],
      collectors: [slow],
      clock: { now: () => now },
      signal: new AbortController().signal,
      timeoutMs: 100,
    });

    expect(outcome?.durationMs).toBe(250);
  });
});
