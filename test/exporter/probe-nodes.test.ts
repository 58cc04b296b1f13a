import { describe, expect, it } from "@jest/globals";
import { probeNodes } from "../../src/exporter/probe-nodes.ts";
import { createCollectors } from "../../src/exporter/registry.ts";
import { FailureError } from "../../src/lib/failure.ts";
import type { Endpoint, StreamedEndpoint } from "../../src/vault/endpoint.ts";
import type { CallOptions } from "../../src/vault/transport.ts";
import { clock, scrape } from "./scrape.ts";
import { fakeCluster, NOW, type FakeNode } from "./fake-cluster.ts";

const deadline = { signal: new AbortController().signal, timeoutMs: 50 };
const lost = (): Promise<never> =>
  Promise.reject(new FailureError({ reason: "timeout", message: "cannot wait", retryable: true }));

async function probeOne(node: FakeNode, without: readonly ("health" | "sealStatus" | "leader")[] = []) {
  const cluster = fakeCluster({ nodes: [node] });
  const nodes = cluster.nodes.map((each) => ({ ...each, ...Object.fromEntries(without.map((call) => [call, lost])) }));
  const [probe] = await probeNodes({ ...deadline, clock, cluster: { ...cluster, nodes } });
  return probe;
}

describe("probeNodes", () => {
  it.each([
    { name: "active, by its health", node: { state: "active" as const }, without: [], state: "active" },
    { name: "a standby, by its health", node: { state: "standby" as const }, without: [], state: "standby" },
    {
      name: "active, without its health",
      node: { state: "active" as const },
      without: ["health" as const],
      state: "active",
    },
    {
      name: "a standby, without its health",
      node: { state: "standby" as const },
      without: ["health" as const],
      state: "standby",
    },
    {
      name: "unsealed, when only the seal answers",
      node: { state: "active" as const },
      without: ["health" as const, "leader" as const],
      state: "unsealed",
    },
    {
      name: "sealed, without the seal's answer",
      node: { state: "sealed" as const },
      without: ["sealStatus" as const],
      state: "sealed",
    },
    {
      name: "a standby just unsealed whose health was read before",
      node: { state: "standby" as const, health: { sealed: true, standby: true } },
      without: [],
      state: "standby",
    },
    {
      name: "not initialised, though it also calls itself sealed",
      node: { state: "uninitialized" as const },
      without: [],
      state: "uninitialized",
    },
    {
      name: "active, when it serves alone and does not say whether it stands by",
      node: { state: "active" as const, leader: { haEnabled: false, isSelf: false } },
      without: ["health" as const],
      state: "active",
    },
    {
      name: "unreachable, when nothing answers",
      node: { state: "active" as const },
      without: ["health" as const, "sealStatus" as const, "leader" as const],
      state: "unreachable",
    },
  ])("calls a node $name", async ({ node, without, state }) => {
    expect((await probeOne({ name: "vault-0", ...node }, without))?.state).toBe(state);
  });

  it("gives a frozen node up by its own time-out, so that the others' answers are kept", async () => {
    const cluster = fakeCluster({
      nodes: [
        { name: "vault-0", state: "frozen" },
        { name: "vault-1", state: "active" },
      ],
    });

    const probes = await probeNodes({ ...deadline, clock, cluster });

    expect(probes.map(({ state, failure }) => ({ state, reason: failure?.reason }))).toEqual([
      { state: "unreachable", reason: "timeout" },
      { state: "active", reason: undefined },
    ]);
  });

  it("leaves time for what comes after a frozen node, and to note what hangs then", async () => {
    let probed = Infinity;
    const given: number[] = [];
    const told = (call: CallOptions | undefined): void => void given.push(call?.timeoutMs ?? Infinity);
    const cluster = fakeCluster({ nodes: [{ name: "vault-0", state: "active" }] });
    const [node] = cluster.nodes.map((each) => ({
      ...each,
      raftConfiguration: async (call?: CallOptions) => {
        told(call);
        return await each.raftConfiguration(call);
      },
      stream: async (endpoint: StreamedEndpoint, call?: CallOptions) => {
        told(call);
        return await each.stream(endpoint, call);
      },
      read: async <T>(endpoint: Endpoint<T>, call?: CallOptions) => {
        told(call);
        return await each.read(endpoint, call);
      },
      health: async (call?: CallOptions) => {
        probed = call?.timeoutMs ?? Infinity;
        return await each.health(call);
      },
    }));
    if (node === undefined) throw new Error("there is a node");

    await scrape(
      { ...cluster, nodes: [node], activeNode: async () => await Promise.resolve(node) },
      createCollectors({ backups: [] }),
      {
        timeoutMs: 1000,
      },
    );

    expect(given.length).toBeGreaterThan(10);
    expect(probed + Math.max(...given)).toBeLessThan(1000);
  });

  it("takes a second that passed while the node answered for no skew", async () => {
    const times = [NOW, NOW + 1500];
    const cluster = fakeCluster({
      nodes: [{ name: "vault-0", state: "active", health: { serverTimeSeconds: NOW / 1000 + 1 } }],
    });

    const [probe] = await probeNodes({ ...deadline, cluster, clock: { now: () => times.shift() ?? NOW } });

    expect(probe?.clockSkewSeconds).toBe(0);
    expect(probe?.healthMs).toBe(1500);
  });

  it("looks at a node's listener while it asks the node, and keeps what it saw when no call is answered", async () => {
    const cluster = fakeCluster({ nodes: [{ name: "vault-0", state: "garbage" }] });
    const looking = Promise.withResolvers<void>();
    const nodes = cluster.nodes.map((each) => ({
      ...each,
      health: async () => await looking.promise.then(lost),
      probeListener: async (call?: CallOptions) => {
        looking.resolve();
        return await each.probeListener(call);
      },
    }));

    const [probe] = await probeNodes({ ...deadline, clock, cluster: { ...cluster, nodes } });

    expect(probe).toMatchObject({ state: "unreachable", listener: { certificate: { trusted: true } } });
    expect(probe?.healthMs).toBeUndefined();
  });

  it("gives a listener no more time than the calls, and an end with the scrape", async () => {
    const told: (CallOptions | undefined)[] = [];
    const cluster = fakeCluster({ nodes: [{ name: "vault-0", state: "active" }] });
    const nodes = cluster.nodes.map((each) => ({
      ...each,
      probeListener: async (call?: CallOptions) => {
        told.push(call);
        return await each.probeListener(call);
      },
    }));

    await probeNodes({ ...deadline, clock, cluster: { ...cluster, nodes } });

    expect(told).toEqual([{ signal: deadline.signal, timeoutMs: 27 }]);
  });
});
