import { describe, expect, it } from "@jest/globals";
import { createPolledDiscovery } from "../../src/discovery/polled-discovery.ts";
import type { DiscoveredNode } from "../../src/discovery/node-discovery.ts";
import { settled, T0 } from "../runner/manual-time.ts";
import { failure, manualWorld } from "./world.ts";

const ONE = [{ name: "vault-0", address: "https://10.0.0.1:8200" }];
const TWO = [...ONE, { name: "vault-1", address: "https://10.0.0.2:8200" }];

type Answer = readonly DiscoveredNode[] | Error;

/** A discovery that finds one answer after the other, every ten seconds. */
function polled(...answers: Answer[]) {
  const manual = manualWorld();
  let looks = 0;
  const look = async (): Promise<readonly DiscoveredNode[]> => {
    const answer = answers[looks++];
    if (answer === undefined) throw new Error("looked more often than the test expects");
    return await (answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer));
  };
  const discovery = createPolledDiscovery({ kind: "dns", refreshMs: 10_000, look }, manual.world);
  return { ...manual, discovery, looks: () => looks };
}

describe("a polled discovery", () => {
  it("has no nodes and is stale until it looked, and start settles with the first look", async () => {
    const { discovery } = polled(ONE);
    expect(discovery.nodes()).toEqual([]);
    expect(discovery.status()).toEqual({ stale: true, lastSuccessAt: undefined });

    await discovery.start();

    expect(discovery.nodes()).toEqual(ONE);
    expect(discovery.status()).toEqual({ stale: false, lastSuccessAt: T0 });
    discovery.stop();
  });

  it("looks again after its interval, and gives the same array until something else is found", async () => {
    const { discovery, time } = polled(ONE, [...ONE], TWO);
    await discovery.start();
    const first = discovery.nodes();

    await time.advance(10_000);
    expect(discovery.nodes()).toBe(first);
    expect(discovery.status().lastSuccessAt).toBe(T0 + 10_000);
    await time.advance(10_000);

    expect(discovery.nodes()).toEqual(TWO);
    discovery.stop();
  });

  it("keeps what it last found while it cannot look, marks it stale, says so once, and recovers", async () => {
    const gone = failure("unreachable", "cannot look up vault in the DNS: ESERVFAIL; check the name server");
    const { discovery, time, logged } = polled(ONE, gone, gone, TWO);
    await discovery.start();

    await time.advance(20_000);
    expect(discovery.nodes()).toEqual(ONE);
    expect(discovery.status()).toEqual({ stale: true, lastSuccessAt: T0 });
    await time.advance(10_000);

    expect(discovery.nodes()).toEqual(TWO);
    expect(discovery.status()).toEqual({ stale: false, lastSuccessAt: T0 + 30_000 });
    expect(logged()).toEqual([
      "info: other nodes were found",
      "warn: cannot look for nodes, those known stay",
      "info: nodes can be looked for again",
      "info: other nodes were found",
    ]);
    discovery.stop();
  });

  it("starts although the first look fails", async () => {
    const { discovery } = polled(failure("not-found", "cannot look up vault"));

    await discovery.start();

    expect(discovery.status()).toEqual({ stale: true, lastSuccessAt: undefined });
    discovery.stop();
  });

  it("looks no more once it was stopped, and takes no answer that was under way", async () => {
    const { promise, resolve } = Promise.withResolvers<typeof ONE>();
    const { world, time } = manualWorld();
    const discovery = createPolledDiscovery({ kind: "dns", refreshMs: 10_000, look: () => promise }, world);
    void discovery.start();

    discovery.stop();
    resolve(ONE);
    await settled();

    expect(discovery.nodes()).toEqual([]);
    expect(time.pending()).toBe(0);
  });

  it("ends the signal of a look that is under way when it is stopped", async () => {
    const { world } = manualWorld();
    const signals: AbortSignal[] = [];
    const look = async (signal: AbortSignal): Promise<never> => {
      signals.push(signal);
      return await new Promise(() => {});
    };
    const discovery = createPolledDiscovery({ kind: "raft", refreshMs: 10_000, look }, world);
    void discovery.start();

    discovery.stop();

    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });
});
