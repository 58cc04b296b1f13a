import { toFailure } from "../lib/failure.ts";
import { wait } from "../lib/wait.ts";
import { backoffMs } from "./backoff.ts";
import type { DiscoveryWorld } from "./discovery-world.ts";
import { createHeldNodes, type HeldNodes } from "./held-nodes.ts";
import type { NodeDiscovery } from "./node-discovery.ts";
import type { PodApi, PodChange } from "./pod-api.ts";
import { podsToNodes, type Pod, type PodAddressing } from "./pods.ts";

/** Which pods are nodes, how they are spoken to, and who tells of them. */
export type KubernetesQuestion = {
  readonly addressing: PodAddressing;
  /** Asked for again after each failure; throws when it cannot be had. */
  readonly openApi: () => Promise<PodApi>;
};

/**
 * Creates the discovery of pods: lists them once, then hears of every change, for days if need be. While the API is away, the last known
 * pods stay.
 */
export function createKubernetesDiscovery(question: KubernetesQuestion, world: DiscoveryWorld): NodeDiscovery {
  const held = createHeldNodes(world);
  const ended = new AbortController();
  const first = Promise.withResolvers<void>();
  return {
    kind: "kubernetes",
    nodes: held.nodes,
    status: held.status,
    start: async () => {
      void followForever({ ...question, world, held, signal: ended.signal, looked: first.resolve });
      await first.promise;
    },
    stop: () => ended.abort(),
  };
}

type Following = KubernetesQuestion & {
  readonly world: DiscoveryWorld;
  readonly held: HeldNodes;
  readonly signal: AbortSignal;
  readonly looked: () => void;
};

async function followForever(following: Following): Promise<void> {
  const { openApi, world, held, signal, looked } = following;
  let failures = 0;
  const connected = (): void => {
    failures = 0;
  };
  while (!signal.aborted) {
    try {
      await follow(await openApi(), connected, following);
    } catch (error) {
      if (!signal.aborted) held.failed(toFailure(error));
    }
    looked();
    await wait(backoffMs(failures++, world.chance), world.timers, signal);
  }
}

/** Lists, then watches on and on from where the last watch stopped; ends when the server does not remember that any more. */
async function follow(api: PodApi, connected: () => void, { addressing, world, held, signal, looked }: Following) {
  const listed = await api.list(signal);
  const pods = new Map(listed.pods.map((pod) => [pod.name, pod]));
  let { version } = listed;
  const publish = (): void => {
    if (!signal.aborted) held.found(podsToNodes(pods.values(), addressing));
  };
  publish();
  looked();
  const listener = {
    connected: () => {
      connected();
      publish();
    },
    changed: (change: PodChange) => {
      version = change.version;
      apply(change, pods);
      publish();
    },
  };
  while (!signal.aborted && (await api.watch(version, listener, signal)) === "ended") {
    // A server that ends every watch at once is not asked on and on.
    await wait(backoffMs(0, world.chance), world.timers, signal);
  }
}

function apply(change: PodChange, pods: Map<string, Pod>): void {
  if (change.kind === "there") pods.set(change.pod.name, change.pod);
  if (change.kind === "gone") pods.delete(change.pod.name);
}
