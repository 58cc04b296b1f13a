import { describe, expect, it } from "@jest/globals";
import { createKubernetesDiscovery } from "../../src/discovery/kubernetes.ts";
import type { PodApi, PodChange, WatchEnd, WatchListener } from "../../src/discovery/pod-api.ts";
import { settled, T0 } from "../runner/manual-time.ts";
import { failure, manualWorld } from "./world.ts";

const pod = (name: string) => ({ name, ip: `10.0.0.${name.at(-1)}` });
const there = (name: string, version: string): PodChange => ({ kind: "there", pod: pod(name), version });
const gone = (name: string, version: string): PodChange => ({ kind: "gone", pod: pod(name), version });

type Watch = {
  readonly from: string;
  readonly signal: AbortSignal;
  readonly listener: WatchListener;
  readonly end: (end: WatchEnd | Error) => void;
};

/** An API whose lists and watches answer when and what a test says. */
function scripted() {
  const manual = manualWorld();
  const lists: (readonly string[] | Error)[] = [];
  const watches: Watch[] = [];
  let listed = 0;
  const api: PodApi = {
    list: async () => {
      const answer = lists[listed++];
      if (answer === undefined) throw new Error("listed more often than the test expects");
      if (answer instanceof Error) throw answer;
      return await Promise.resolve({ pods: answer.map(pod), version: `list-${listed}` });
    },
    watch: async (from, listener, signal) => {
      const { promise, resolve, reject } = Promise.withResolvers<WatchEnd>();
      const end = (how: WatchEnd | Error): void => (typeof how === "string" ? resolve(how) : reject(how));
      watches.push({ from, signal, listener, end });
      signal.addEventListener("abort", () => end("ended"));
      return await promise;
    },
  };
  const discovery = createKubernetesDiscovery(
    {
      addressing: { scheme: "https", port: 8200, namespace: "vault" },
      openApi: async () => await Promise.resolve(api),
    },
    manual.world,
  );
  const last = (): Watch => {
    const watch = watches.at(-1);
    if (watch === undefined) throw new Error("nobody watches");
    return watch;
  };
  return { ...manual, discovery, lists, watches, last, listed: () => listed, names: () => namesOf(discovery) };
}

function namesOf({ nodes }: ReturnType<typeof createKubernetesDiscovery>): readonly string[] {
  return nodes().map(({ name }) => name);
}

const away = failure("unreachable", "cannot list the pods: ECONNREFUSED");

describe("discovery of pods", () => {
  it("finds those that are listed, then watches from where the list ended", async () => {
    const { discovery, lists, last, names } = scripted();
    lists.push(["vault-0", "vault-1"]);

    await discovery.start();

    expect(names()).toEqual(["vault-0", "vault-1"]);
    expect(last().from).toBe("list-1");
    discovery.stop();
  });

  it("hears of pods that come, change and go", async () => {
    const { discovery, lists, last, names } = scripted();
    lists.push(["vault-0"]);
    await discovery.start();

    last().listener.changed(there("vault-1", "2"));
    expect(names()).toEqual(["vault-0", "vault-1"]);
    last().listener.changed({ kind: "there", pod: { name: "vault-1", ip: "10.9.9.9" }, version: "3" });
    expect(discovery.nodes()[1]?.address).toBe("https://10.9.9.9:8200");
    last().listener.changed(gone("vault-0", "4"));

    expect(names()).toEqual(["vault-1"]);
    discovery.stop();
  });

  it("goes on from the last change or bookmark when a watch ends, after a pause, without a new list", async () => {
    const { discovery, lists, watches, last, time, listed } = scripted();
    lists.push(["vault-0"]);
    await discovery.start();
    last().listener.changed(there("vault-1", "7"));
    last().listener.changed({ kind: "bookmark", version: "9" });

    last().end("ended");
    await settled();
    await time.advance(999);
    expect(watches).toHaveLength(1);
    await time.advance(1);

    expect(watches.map(({ from }) => from)).toEqual(["list-1", "9"]);
    expect(listed()).toBe(1);
    expect(discovery.status().stale).toBe(false);
    discovery.stop();
  });

  it("lists anew when the server does not remember so far back, and forgets who is not listed any more", async () => {
    const { discovery, lists, watches, last, time, names } = scripted();
    lists.push(["vault-0", "vault-1"], ["vault-1", "vault-2"]);
    await discovery.start();

    last().end("expired");
    await settled();
    await time.advance(1000);

    expect(names()).toEqual(["vault-1", "vault-2"]);
    expect(watches.map(({ from }) => from)).toEqual(["list-1", "list-2"]);
    expect(discovery.status().stale).toBe(false);
    discovery.stop();
  });

  it("keeps the last known pods and marks them stale while the API is away, and recovers", async () => {
    const { discovery, lists, last, time, names, logged } = scripted();
    lists.push(["vault-0"], away, away, ["vault-0", "vault-1"]);
    await discovery.start();
    last().listener.connected();

    last().end(away);
    await settled();
    expect(names()).toEqual(["vault-0"]);
    expect(discovery.status()).toEqual({ stale: true, lastSuccessAt: T0 });
    // Pauses of 1, 2 and 4 seconds.
    await time.advance(3000);
    expect(discovery.status().stale).toBe(true);
    await time.advance(4000);

    expect(names()).toEqual(["vault-0", "vault-1"]);
    expect(discovery.status()).toEqual({ stale: false, lastSuccessAt: T0 + 7000 });
    expect(logged()).toEqual([
      "info: other nodes were found",
      "warn: cannot look for nodes, those known stay",
      "info: nodes can be looked for again",
      "info: other nodes were found",
    ]);
    discovery.stop();
  });

  it("waits longer after each failure in a row, up to half a minute, and shortly again after a watch was connected", async () => {
    const { discovery, lists, last, time, listed } = scripted();
    lists.push(...Array.from({ length: 7 }, () => away), ["vault-0"], away, ["vault-0"]);
    await discovery.start();

    const listedAfter = async (milliseconds: number): Promise<number> => {
      await time.advance(milliseconds);
      return listed();
    };
    const seen: number[] = [];
    for (const pause of [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]) seen.push(await listedAfter(pause));
    expect(seen).toEqual([2, 3, 4, 5, 6, 7, 8]);
    last().listener.connected();
    last().end(away);
    await settled();

    expect(await listedAfter(999)).toBe(8);
    expect(await listedAfter(1)).toBe(9);
    discovery.stop();
  });

  it("settles its start although the first list fails, and although the API cannot be opened", async () => {
    const { discovery, lists } = scripted();
    lists.push(away);
    await discovery.start();
    expect(discovery.status()).toEqual({ stale: true, lastSuccessAt: undefined });
    discovery.stop();

    const { world } = manualWorld();
    const unopened = createKubernetesDiscovery(
      {
        addressing: { scheme: "https", port: 8200, namespace: "vault" },
        openApi: async () => await Promise.reject(failure("refused", "cannot read the kubeconfig")),
      },
      world,
    );
    await unopened.start();
    expect(unopened.status().stale).toBe(true);
    unopened.stop();
  });

  it("ends its watch and sets no timer any more when it is stopped", async () => {
    const { discovery, lists, last, time, names } = scripted();
    lists.push(["vault-0"]);
    await discovery.start();

    discovery.stop();
    await settled();
    last().listener.changed(there("vault-1", "2"));

    expect(last().signal.aborted).toBe(true);
    expect(names()).toEqual(["vault-0"]);
    expect(time.pending()).toBe(0);
  });

  it("ends a pause when it is stopped", async () => {
    const { discovery, lists, time } = scripted();
    lists.push(away);
    await discovery.start();
    await settled();
    expect(time.pending()).toBe(1);

    discovery.stop();
    await settled();

    expect(time.pending()).toBe(0);
  });
});
